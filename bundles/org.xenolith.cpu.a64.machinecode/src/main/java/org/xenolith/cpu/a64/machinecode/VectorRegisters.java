// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.a64.machinecode;

import org.xenolith.hostcode.kit.X64;

/**
 * The guest's vector registers in code: memory, which has them from the first instruction on that needs one. They are stored whole, as a store that a
 * load needs more than makes that wait. XMM0 to XMM7 are anybody's.
 */
final class VectorRegisters {
  private final X64 code;
  private final X64Vectors vectors;
  private final SideExits leaving;
  private final CodeBlock block;

  VectorRegisters(X64 code, X64Vectors vectors, SideExits leaving, CodeBlock block) {
    this.code = code;
    this.vectors = vectors;
    this.leaving = leaving;
    this.block = block;
  }

  /** Where a register is. */
  static int place(int register) {
    return StateLayout.VECTORS + 16 * register;
  }

  /** Whether an instruction's result is a whole register: neither a half nor one lane. */
  static boolean whole(int word) {
    return (word & 5 << 28) == 1 << 30;
  }

  /** An instruction needs them: they are there behind this, or it traps. Flags are lost. */
  void need() {
    if (!block.hasVectors()) {
      int begin = code.at();
      code.arithmeticMemoryConstant(X64.CMP, false, X64.RBP, StateLayout.VECTORS_OPEN, 0);
      leaving.vectorsIf(X64.E, begin);
      block.takesVectors();
    }
  }

  /** The same for arithmetic of floating point: the host's is what FPCR asks for behind this. */
  void needNumbers() {
    if (!block.hasNumbers()) {
      int begin = code.at();
      code.arithmeticMemoryConstant(X64.CMP, false, X64.RBP, StateLayout.NUMBERS_OPEN, 0);
      leaving.numbersIf(X64.E, begin);
      block.takesNumbers();
    }
  }

  /** A register becomes what a general one of the host's is, in its low half. Takes XMM0. */
  void low(int register, int value) {
    vectors.fromGeneral(true, 0, value);
    set(register, true);
  }

  /** Both halves of a register, or the low one only, become what a general one of the host's is. Takes XMM0. */
  void halves(int register, int value, boolean both) {
    vectors.fromGeneral(true, 0, value);
    if (both) {
      vectors.registers(X64Vectors.LOW_HALVES, 0, 0);
    }
    set(register, true);
  }

  /** All lanes of a register, or of its low half, become what is at the bottom of a general one of the host's. Takes XMM0 and XMM1. */
  void copies(int register, int size, int value, boolean whole) {
    vectors.fromGeneral(true, 0, value);
    switch (size) {
      case 0 -> {
        vectors.zero(1);
        vectors.registers(X64Vectors.SHUFFLE_BYTES, 0, 1);
      }
      case 1 -> {
        vectors.registers(X64Vectors.SHUFFLE_LOW, 0, 0, 0);
        vectors.registers(X64Vectors.LOW_HALVES, 0, 0);
      }
      case 2 -> vectors.registers(X64Vectors.SHUFFLE32, 0, 0, 0);
      default -> vectors.registers(X64Vectors.LOW_HALVES, 0, 0);
    }
    set(register, whole);
  }

  /** Lanes of one half of a register, wider, in one of the host's. */
  void widen(int to, int register, int size, boolean unsigned, boolean high) {
    vectors.memory((unsigned ? X64Vectors.WIDEN_UNSIGNED : X64Vectors.WIDEN)[size], to, place(register) + (high ? 8 : 0));
  }

  /** Lanes of the low half of one of the host's, wider. */
  void widen(int register, int size, boolean unsigned) {
    vectors.registers((unsigned ? X64Vectors.WIDEN_UNSIGNED : X64Vectors.WIDEN)[size], register, register);
  }

  /** Has the element that an instruction names in all lanes, of 16 or 32 bits, of one of the host's. Takes RAX. */
  void element(int to, int size, int word) {
    if (size == 1) {
      // The lane is H:L:M.
      int lane = word >>> 9 & 4 | word >>> 20 & 3;
      vectors.loadElement(1, X64.RAX, place(word >>> 16 & 15) + 2 * lane);
      vectors.fromGeneral(false, to, X64.RAX);
      vectors.registers(X64Vectors.SHUFFLE_LOW, to, to, 0);
      vectors.registers(X64Vectors.LOW_HALVES, to, to);
    } else {
      // H:L.
      vectors.memory(X64Vectors.SHUFFLE32, to, place(word >>> 16 & 31), 0x55 * (word >>> 10 & 2 | word >>> 21 & 1));
    }
  }

  /** A register becomes what XMM0 is, or its low half. */
  void set(int register, boolean whole) {
    if (!whole) {
      vectors.registers(X64Vectors.LOAD_LOW, 0, 0);
    }
    vectors.memory(X64Vectors.STORE, 0, place(register));
  }
}
