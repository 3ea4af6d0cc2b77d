// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.machinecode;

import org.xenolith.a64.isa.Fields;

/**
 * Loads and stores of one general register that change nothing else: at an offset that is scaled or not, or at a register. Devices get hardly any
 * others, as no others have a syndrome that a hypervisor can emulate. Source: Arm ARM DDI 0487, C4.1 (loads and stores), ESR_EL1 (ISV).
 */
final class DeviceAccess {
  private static final int CLASS = 0x3F00_0000;
  private static final int SCALED = 0x3900_0000;
  private static final int OTHERS = 0x3800_0000;
  private static final int FORM = 0x0020_0C00;
  private static final int UNSCALED = 0;
  private static final int AT_REGISTER = 0x0020_0800;

  private DeviceAccess() {}

  /** Whether a load or store of the set is one of these. */
  static boolean is(int word) {
    int kind = word & CLASS;
    int form = word & FORM;
    return kind == SCALED || kind == OTHERS && (form == UNSCALED || form == AT_REGISTER);
  }

  /** Whether it loads. */
  static boolean loads(int word) {
    return (word & 3 << 22) != 0;
  }

  /** Bytes. */
  static int size(int word) {
    return 1 << Fields.size(word);
  }

  /** The register's new value. */
  static long loaded(int word, long value) {
    if ((word & 1 << 23) == 0) {
      return value;
    }
    int unused = 64 - (8 << Fields.size(word));
    long extended = value << unused >> unused;
    return (word & 1 << 22) == 0 ? extended : extended & 0xFFFF_FFFFL;
  }
}
