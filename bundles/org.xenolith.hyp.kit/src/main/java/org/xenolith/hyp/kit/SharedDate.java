// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.kit;

import org.xenolith.hyp.api.Domain;

/**
 * The date in a domain's shared_info: what it was at system time 0, in seconds since 1970 and nanoseconds (public header {@code xen.h}, wc_version
 * to wc_sec_hi). It can be pointed at another domain's.
 */
public final class SharedDate {
  private static final int VERSION = 0;
  private static final int SECONDS_LOW = 4;
  private static final int NANOSECONDS = 8;

  private final MachineMemory memory;
  private long at;
  private long high;

  /** Of no domain yet. */
  public SharedDate(MachineMemory memory) {
    this.memory = memory;
  }

  /** From now on that of a domain that has a shared_info. */
  public void of(Domain domain) {
    at = domain.sharedInfo() + domain.sharedLayout().wallClock();
    high = domain.sharedInfo() + domain.sharedLayout().secondsHigh();
  }

  /** Seconds since 1970; unsigned, as a guest may write them. */
  public long seconds() {
    return (long) memory.read32(high) << 32 | memory.read32(at + SECONDS_LOW) & 0xFFFF_FFFFL;
  }

  /** Nanoseconds in the second; any number, as a guest may write them. */
  public int nanoseconds() {
    return memory.read32(at + NANOSECONDS);
  }

  /** Whether somebody has said which date it is. */
  public boolean known() {
    return seconds() != 0 || nanoseconds() != 0;
  }

  /** Sets it. The version is odd while the rest is being written, and another even one afterwards. */
  public void set(long seconds, int nanoseconds) {
    int version = memory.read32(at + VERSION) + 1 | 1;
    memory.write32(at + VERSION, version);
    memory.write32(at + SECONDS_LOW, (int) seconds);
    memory.write32(high, (int) (seconds >>> 32));
    memory.write32(at + NANOSECONDS, nanoseconds);
    memory.write32(at + VERSION, version + 1);
  }
}
