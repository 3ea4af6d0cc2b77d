// SPDX-License-Identifier: EPL-2.0
package org.xenolith.lapic.kit;

import org.xenolith.regs.RegisterFile;

/** A set of interrupt vectors, 256 bits in eight registers: ISR, TMR or IRR. */
final class LapicVectors {
  private static final LapicRegister[] ROWS = LapicRegister.values();
  private static final int WORDS = 8;

  private final RegisterFile<LapicRegister> registers;
  private final int first;

  LapicVectors(RegisterFile<LapicRegister> registers, LapicRegister first) {
    this.registers = registers;
    this.first = first.ordinal();
  }

  boolean has(int vector) {
    return (registers.get(ROWS[first + (vector >>> 5)]) >>> (vector & 31) & 1) != 0;
  }

  void set(int vector, boolean on) {
    registers.bits(ROWS[first + (vector >>> 5)], 1L << (vector & 31), on);
  }

  /** The highest one, or -1. */
  int highest() {
    for (int word = WORDS - 1; word >= 0; word--) {
      long bits = registers.get(ROWS[first + word]);
      if (bits != 0) {
        return word * 32 + 63 - Long.numberOfLeadingZeros(bits);
      }
    }
    return -1;
  }
}
