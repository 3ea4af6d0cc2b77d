// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.pmu;

import org.xenolith.arm.api.CpuMonitor;

/** The events that are counted (Arm ARM D13.11.2); all others never happen and aren't advertised. */
enum PmuEvent {
  /** A write to PMSWINC_EL0. */
  SW_INCR(0x00),
  /** An instruction was executed to its end. */
  INST_RETIRED(0x08),
  /** An exception was taken. Counted for the level that was interrupted. */
  EXC_TAKEN(0x09),
  /** An exception return was executed. Counted for the level that returned. */
  EXC_RETURN(0x0A),
  /** Software changed the PC: a branch that was taken, or an exception return. */
  PC_WRITE_RETIRED(0x0C),
  /** A branch to a fixed target, taken or not. */
  BR_IMMED_RETIRED(0x0D),
  /** RET. */
  BR_RETURN_RETIRED(0x0E),
  /** A nanosecond of virtual time. */
  CPU_CYCLES(0x11),
  /** The counter before this one, an even one, overflowed. */
  CHAIN(0x1E),
  /** A branch, taken or not; no exception return. */
  BR_RETIRED(0x21);

  private static final PmuEvent[] BY_NUMBER = new PmuEvent[64];

  static {
    for (PmuEvent event : values()) {
      BY_NUMBER[event.number] = event;
    }
  }

  final int number;

  PmuEvent(int number) {
    this.number = number;
  }

  /** The event of that number, or null. */
  static PmuEvent of(int number) {
    return number < BY_NUMBER.length ? BY_NUMBER[number] : null;
  }

  /** PMCEID0_EL0 or PMCEID1_EL0: a bit for each event from {@code first} on. */
  static long advertised(int first) {
    long bits = 0;
    for (PmuEvent event : values()) {
      if (event.number >= first && event.number < first + 32) {
        bits |= 1L << event.number - first;
      }
    }
    return bits;
  }

  /** Whether the CPU has to tell of each branch. */
  boolean branches() {
    return this == PC_WRITE_RETIRED || this == BR_IMMED_RETIRED || this == BR_RETURN_RETIRED || this == BR_RETIRED;
  }

  /** Whether a branch of a {@link CpuMonitor}'s kind is one. */
  boolean counts(int kind) {
    return switch (this) {
      case PC_WRITE_RETIRED -> (kind & CpuMonitor.TAKEN) != 0;
      case BR_IMMED_RETIRED -> (kind & CpuMonitor.IMMEDIATE) != 0;
      case BR_RETURN_RETIRED -> (kind & CpuMonitor.RETURN) != 0;
      case BR_RETIRED -> (kind & CpuMonitor.EXCEPTION_RETURN) == 0;
      default -> false;
    };
  }
}
