// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.machinecode;

/**
 * The guest's vector registers in code: memory, which has them from the first instruction on that needs one. They are stored whole, as a store that a
 * load needs more than makes that wait. XMM0 to XMM7 are anybody's.
 */
final class VectorRegisters {
  private final X64 code;
  private final X64Vectors vectors;
  private final WaysOut leaving;
  private final CodeBlock block;

  VectorRegisters(X64 code, X64Vectors vectors, WaysOut leaving, CodeBlock block) {
    this.code = code;
    this.vectors = vectors;
    this.leaving = leaving;
    this.block = block;
  }

  /** Where a register is. */
  static int place(int register) {
    return StateLayout.VECTORS + 16 * register;
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

  /** A register becomes what XMM0 is, or its low half. */
  void set(int register, boolean whole) {
    if (!whole) {
      vectors.registers(X64Vectors.LOAD_LOW, 0, 0);
    }
    vectors.memory(X64Vectors.STORE, 0, place(register));
  }
}
