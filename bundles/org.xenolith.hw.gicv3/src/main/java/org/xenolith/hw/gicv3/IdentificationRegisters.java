// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.gicv3;

/** The identification registers at the end of a frame (Arm IHI 0069H, 12.1.3); the values are those of QEMU's GIC. */
final class IdentificationRegisters {
  static final long FIRST = 0xFFD0;
  private static final int[] ID = {0x44, 0, 0, 0, 0, 0xB4, 0x3B, 0, 0x0D, 0xF0, 0x05, 0xB1};

  private IdentificationRegisters() {}

  /** The word at a frame offset from {@link #FIRST} on; {@code part} is the frame's own PIDR0. */
  static int word(long offset, int part) {
    int index = (int) (offset - FIRST) >> 2;
    return index == 4 ? part : ID[index];
  }
}
