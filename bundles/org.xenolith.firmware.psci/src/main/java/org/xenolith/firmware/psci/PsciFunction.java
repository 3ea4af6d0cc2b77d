// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.psci;

/** PSCI functions that are built (Arm DEN 0022D, chapter 5), with the low 16 bits of their identifiers. */
enum PsciFunction {
  /** Version of PSCI. */
  PSCI_VERSION(0x00, false),
  /** Suspends the calling CPU. */
  CPU_SUSPEND(0x01, true),
  /** Powers the calling CPU off. */
  CPU_OFF(0x02, false),
  /** Powers a CPU on. */
  CPU_ON(0x03, true),
  /** Power state of a CPU or of a group. */
  AFFINITY_INFO(0x04, true),
  /** Which kind of Trusted OS there is. */
  MIGRATE_INFO_TYPE(0x06, false),
  /** Powers the machine off. */
  SYSTEM_OFF(0x08, false),
  /** Resets the machine. */
  SYSTEM_RESET(0x09, false),
  /** Whether a function is built. */
  PSCI_FEATURES(0x0A, false),
  /** Resets the machine in a way of several. */
  SYSTEM_RESET2(0x12, true);

  private static final int SMC32 = 0x8400_0000;
  private static final int SMC64 = 0xC400_0000;
  private static final PsciFunction[] BY_NUMBER = new PsciFunction[0x20];

  static {
    for (PsciFunction function : values()) {
      BY_NUMBER[function.number] = function;
    }
  }

  private final int number;
  private final boolean wide;

  PsciFunction(int number, boolean wide) {
    this.number = number;
    this.wide = wide;
  }

  /** The function with that SMC32 or SMC64 identifier, or null. */
  static PsciFunction of(int identifier) {
    int number = identifier & 0xFFFF;
    if (number >= BY_NUMBER.length || BY_NUMBER[number] == null) {
      return null;
    }
    return switch (identifier & 0xFFFF_0000) {
      case SMC32 -> BY_NUMBER[number];
      case SMC64 -> BY_NUMBER[number].wide ? BY_NUMBER[number] : null;
      default -> null;
    };
  }

  /** Whether an identifier is of the 64-bit calling convention. */
  static boolean isWide(int identifier) {
    return (identifier & 0x4000_0000) != 0;
  }
}
