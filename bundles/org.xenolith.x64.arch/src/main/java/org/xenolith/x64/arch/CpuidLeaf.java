// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.arch;

import java.util.List;

/**
 * What a CPU's description says of a leaf of CPUID.
 *
 * @param number   EAX
 * @param subleaf  ECX, or {@link #ALL}
 * @param eax      answered in EAX, as are the others
 */
record CpuidLeaf(int number, int subleaf, int eax, int ebx, int ecx, int edx) {
  /** Of leaves that have no subleaves. */
  static final int ALL = -1;
  /** Leaves that have. */
  private static final List<Integer> DIVIDED = List.of(4, 7, 0xB, 0xD, 0xF, 0x10, 0x12, 0x14, 0x17, 0x18);

  /** Whether a leaf has subleaves, as far as leaves are known. */
  static boolean isDivided(int number) {
    return DIVIDED.contains(number);
  }

  boolean answers(int leaf, int ofLeaf) {
    return number == leaf && (subleaf == ALL || subleaf == ofLeaf);
  }

  int register(int index) {
    return switch (index) {
      case 0 -> eax;
      case 1 -> ebx;
      case 2 -> ecx;
      default -> edx;
    };
  }

  /** As descriptions have it: 0x4.2. */
  String shown() {
    return "0x" + Integer.toHexString(number).toUpperCase(java.util.Locale.ROOT) + (subleaf == ALL ? "" : "." + subleaf);
  }
}
