// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.perfmon;

/** The architectural events that are counted (Intel SDM volume 3, 20.2.1.2); all others never happen, and CPUID says that they aren't there. */
enum PerfmonEvent {
  /** A nanosecond of virtual time in which the CPU executes. */
  CORE_CYCLES(0, 0x3C, 0),
  /** An instruction was executed to its end. */
  INSTRUCTIONS(1, 0xC0, 0),
  /** A cycle of the time-stamp counter's clock in which the CPU executes. */
  REFERENCE_CYCLES(2, 0x3C, 1),
  /** A branch was executed to its end, taken or not. */
  BRANCHES(5, 0xC4, 0);

  /** Bits of EBX of CPUID leaf 0AH: the architectural events of version 2. */
  static final int NUMBER = 7;

  private final int bit;
  private final int select;
  private final int unitMask;

  PerfmonEvent(int bit, int select, int unitMask) {
    this.bit = bit;
    this.select = select;
    this.unitMask = unitMask;
  }

  /** The event of an event select register's event and unit mask, or null. */
  static PerfmonEvent of(long register) {
    for (PerfmonEvent event : VALUES) {
      if ((register & 0xFFFF) == (event.unitMask << 8 | event.select)) {
        return event;
      }
    }
    return null;
  }

  private static final PerfmonEvent[] VALUES = values();

  /** Whether it goes on with time, and not while the CPU waits. */
  boolean isOfTime() {
    return this == CORE_CYCLES || this == REFERENCE_CYCLES;
  }

  /** EBX of CPUID leaf 0AH: a bit for each event that isn't there. */
  static int absent() {
    int absent = (1 << NUMBER) - 1;
    for (PerfmonEvent event : VALUES) {
      absent &= ~(1 << event.bit);
    }
    return absent;
  }
}
