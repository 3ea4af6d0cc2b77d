// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.gicv3;

import java.util.List;
import org.xenolith.regs.ListedRegister;

/** The identification registers at the end of a frame (Arm IHI 0069H, 12.1.3); the values are those of QEMU's GIC. */
final class IdentificationRegisters {
  static final long FIRST = 0xFFD0;
  private static final int[] ID = {0x44, 0, 0, 0, 0, 0xB4, 0x3B, 0, 0x0D, 0xF0, 0x05, 0xB1};

  private IdentificationRegisters() {}

  /** All of them, of the frame that begins at {@code base} of its window. */
  static List<ListedRegister> listed(String prefix, int base) {
    return ListedRegister.run(prefix + "_ID", base + (int) FIRST, Integer.BYTES, ID.length, "Arm IHI 0069H, 12.1.3");
  }

  /** The word at a frame offset from {@link #FIRST} on; {@code part} is the frame's own PIDR0. */
  static int word(long offset, int part) {
    int index = (int) (offset - FIRST) >> 2;
    return index == 4 ? part : ID[index];
  }
}
