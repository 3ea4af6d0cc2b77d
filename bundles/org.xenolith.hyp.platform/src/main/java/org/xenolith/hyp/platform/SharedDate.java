// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.platform;

import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.kit.MachineMemory;

/**
 * The date in a domain's shared_info: what it was at system time 0, in seconds since 1970 and nanoseconds (public header {@code xen.h}, wc_version
 * to wc_sec_hi). It can be pointed at another domain's.
 */
final class SharedDate {
  private static final int VERSION = 0;
  private static final int SECONDS_LOW = 4;
  private static final int NANOSECONDS = 8;

  private final MachineMemory memory;
  private long at;
  private long high;

  SharedDate(MachineMemory memory) {
    this.memory = memory;
  }

  /** From now on that of a domain that has a shared_info. */
  void of(Domain domain) {
    at = domain.sharedInfo() + domain.sharedLayout().wallClock();
    high = domain.sharedInfo() + domain.sharedLayout().secondsHigh();
  }

  long seconds() {
    return (long) memory.read32(high) << 32 | memory.read32(at + SECONDS_LOW) & 0xFFFF_FFFFL;
  }

  int nanoseconds() {
    return memory.read32(at + NANOSECONDS);
  }

  /** The version is odd while the rest is being written, and another even one afterwards. */
  void set(long seconds, int nanoseconds) {
    int version = memory.read32(at + VERSION) + 1 | 1;
    memory.write32(at + VERSION, version);
    memory.write32(at + SECONDS_LOW, (int) seconds);
    memory.write32(high, (int) (seconds >>> 32));
    memory.write32(at + NANOSECONDS, nanoseconds);
    memory.write32(at + VERSION, version + 1);
  }
}
