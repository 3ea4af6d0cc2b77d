// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.smmuv3;

import static org.xenolith.hw.smmuv3.SmmuRegister.STRTAB_BASE;
import static org.xenolith.hw.smmuv3.SmmuRegister.STRTAB_BASE_CFG;

import org.xenolith.machine.api.DmaPort;
import org.xenolith.machine.api.ExternalAbort;
import org.xenolith.regs.RegisterFile;

/** Finds the entry of a stream in a linear or two-level stream table (IHI 0070, 3.3.1). */
final class SmmuStreamTable {
  /** Bits of a StreamID. */
  static final int ID_BITS = 16;
  private static final long ADDRESS = 0x000F_FFFF_FFFF_FFC0L;
  private static final int ENTRY_SHIFT = 6;

  private final RegisterFile<SmmuRegister> registers;
  private final DmaPort memory;

  SmmuStreamTable(RegisterFile<SmmuRegister> registers, DmaPort memory) {
    this.registers = registers;
    this.memory = memory;
  }

  /**
   * The address of a stream's entry.
   *
   * @throws Fault if there is none
   */
  long entry(long stream) throws Fault {
    long shape = registers.get(STRTAB_BASE_CFG);
    int log2 = (int) shape & 0x3F;
    if (stream >>> Math.min(log2, ID_BITS) != 0) {
      throw Fault.configuration(EventKind.C_BAD_STREAMID, 0);
    }
    long base = registers.get(STRTAB_BASE) & ADDRESS;
    if ((shape >>> 16 & 3) != 1) {
      return (base & below(log2 + ENTRY_SHIFT)) + (stream << ENTRY_SHIFT);
    }
    int split = split(shape);
    long at = (base & below(Math.max(ENTRY_SHIFT, log2 - split + 3))) + (stream >>> split << 3);
    long descriptor;
    try {
      descriptor = memory.read(at, 8);
    } catch (ExternalAbort refused) {
      throw Fault.configuration(EventKind.F_STE_FETCH, at);
    }
    int span = (int) descriptor & 0x1F;
    long index = stream & (1L << split) - 1;
    if (span == 0 || span > split + 1 || index >= 1L << span - 1) {
      throw Fault.configuration(EventKind.C_BAD_STREAMID, 0);
    }
    return (descriptor & ADDRESS & below(span - 1 + ENTRY_SHIFT)) + (index << ENTRY_SHIFT);
  }

  /** Values that are not defined count as the smallest (6.3.25). */
  private static int split(long shape) {
    int split = (int) (shape >>> 6) & 0x1F;
    return split == 8 || split == 10 ? split : 6;
  }

  private static long below(int bits) {
    return bits > 63 ? 0 : -1L << bits;
  }
}
