// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.arch;

import org.jspecify.annotations.Nullable;
import org.xenolith.machine.kit.HostMemory;
import org.xenolith.machine.kit.WatchDistances;

/** What generated code has of one CPU's derived entries and contexts: copies in the host's memory, which come and go with them. */
public final class EntryCopies {
  /** Bytes of the copy of an entry for data. */
  public static final int DATA = 32;

  private final Core cpu;
  /** Whose they are; null for nobody's. */
  private @Nullable Object owner;
  /** Where those of the contexts are; 0 for nowhere. */
  private long contexts;
  /** Of pages that are watched; null if no code asks. */
  private @Nullable WatchDistances distances;

  EntryCopies(Core cpu) {
    this.cpu = cpu;
  }

  /**
   * Copies are kept from now on: of an entry for data the tag for loads, the tag for stores and {@code delta}; of one for code the tag, which is 0 until the engine sets it.
   *
   * @param newOwner  whose they are
   * @param at        address for {@code Core.context}, and behind it {@code Core.codeContext}
   * @param data      address of the first entry for data, each {@link #DATA} bytes
   * @param code      address of the first entry for code
   * @param codeBytes bytes of one of these
   */
  public void begin(Object newOwner, long at, long data, long code, int codeBytes) {
    owner = newOwner;
    contexts = at;
    for (int i = 0; i < Tlb.SIZE; i++) {
      cpu.data[i].copyTo(data + (long) i * DATA);
      cpu.code[i].copyTo(code + (long) i * codeBytes);
    }
    context();
  }

  /**
   * Code asks what is watched, too, where a store has no tag.
   *
   * @param tags address of the tag for stores beside what is watched, of the first entry for data, and behind it what makes the place of a byte's distance; {@link #DATA} bytes each
   * @param maps address of {@link WatchDistances#SIZE} bytes
   */
  public void watches(long tags, long maps) {
    distances = new WatchDistances(maps);
    for (int i = 0; i < Tlb.SIZE; i++) {
      cpu.data[i].copyWatchedTo(tags + (long) i * DATA);
    }
  }

  /** Whether code asks what is watched. */
  boolean hasWatches() {
    return distances != null;
  }

  /** A store has no tag as its page has watched bytes: code may make those beside them. */
  void watched(TlbEntry entry, long tag) {
    long map = distances.map(cpu.points, tag & -4096, entry.frame);
    if (map != 0) {
      entry.watched(tag, map);
    }
  }

  /** All entries are void. */
  void forgotten() {
    if (distances != null) {
      distances.clear();
    }
  }

  /** There are none any more, if they are the owner's. */
  public void end(Object oldOwner) {
    if (owner == oldOwner) {
      owner = null;
      contexts = 0;
      distances = null;
      for (int i = 0; i < Tlb.SIZE; i++) {
        cpu.data[i].copyTo(0);
        cpu.data[i].copyWatchedTo(0);
        cpu.code[i].copyTo(0);
      }
    }
  }

  /** The contexts were selected. */
  void context() {
    if (contexts != 0) {
      HostMemory.write64(null, contexts, cpu.context);
      HostMemory.write64(null, contexts + 8, cpu.codeContext);
    }
  }
}
