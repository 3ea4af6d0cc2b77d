// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.kit;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xenolith.hyp.api.HypervisorTracePort;
import org.xenolith.hyp.api.Vcpu;

/**
 * Port: what a hypervisor did last, the latest {@link #ENTRIES} entries. Takes no memory before the first one. No state of the
 * machine: looking at it changes nothing that a guest or a snapshot can see.
 */
public final class TraceRing {
  /** Entries that are kept. */
  public static final int ENTRIES = 1 << 15;
  private static final int WORDS = 5;
  private static final HypervisorTracePort.Kind[] KINDS = HypervisorTracePort.Kind.values();

  private long @Nullable [] words;
  private long written;

  /**
   * One thing that happened.
   *
   * @param time  virtual nanoseconds
   * @param kind  what it is
   * @param domid whose vCPU; -1 for none
   * @param vcpu  its number; -1 for none
   * @param a     as {@link HypervisorTracePort.Listener} says
   * @param b     first detail
   * @param c     second detail
   */
  public record Entry(long time, HypervisorTracePort.Kind kind, int domid, int vcpu, long a, long b, long c) {}

  /** Adds an entry; the oldest one gives way. */
  public void add(long time, HypervisorTracePort.Kind kind, Vcpu vcpu, long a, long b, long c) {
    if (words == null) {
      words = new long[ENTRIES * WORDS];
    }
    int at = (int) (written++ & ENTRIES - 1) * WORDS;
    words[at] = time;
    words[at + 1] = (long) kind.ordinal() << 32 | (vcpu == null ? 0xFFFF_FFFFL : (long) vcpu.domain().id() << 16 | vcpu.id());
    words[at + 2] = a;
    words[at + 3] = b;
    words[at + 4] = c;
  }

  /** Entries added since the beginning or the last {@link #clear}. */
  public long written() {
    return written;
  }

  /** Copies of the latest entries, at most so many, in order. */
  public List<Entry> last(int count) {
    int there = (int) Math.min(Math.max(count, 0), Math.min(written, ENTRIES));
    List<Entry> entries = new ArrayList<>(there);
    for (long i = written - there; i < written; i++) {
      int at = (int) (i & ENTRIES - 1) * WORDS;
      int who = (int) words[at + 1];
      entries.add(new Entry(words[at], KINDS[(int) (words[at + 1] >>> 32)], who < 0 ? -1 : who >>> 16, who < 0 ? -1 : who & 0xFFFF,
          words[at + 2], words[at + 3], words[at + 4]));
    }
    return entries;
  }

  /** Drops all entries and their memory. */
  public void clear() {
    words = null;
    written = 0;
  }
}
