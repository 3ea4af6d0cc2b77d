// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.machinecode;

/** The guest's vector registers in code: memory, which has them from the first instruction on that needs one. */
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

  /** A register becomes what a general one of the host's is, in its low half. */
  void low(int register, int value) {
    code.store(true, value, X64.RBP, place(register));
    code.storeConstant(true, 0, X64.RBP, place(register) + 8);
  }

  /** Both halves of a register, or the low one only, become what a general one of the host's is. */
  void halves(int register, int value, boolean both) {
    code.store(true, value, X64.RBP, place(register));
    if (both) {
      code.store(true, value, X64.RBP, place(register) + 8);
    } else {
      code.storeConstant(true, 0, X64.RBP, place(register) + 8);
    }
  }

  /** A register becomes what XMM0 is, or its low half. */
  void set(int register, boolean whole) {
    if (whole) {
      vectors.memory(X64Vectors.STORE, 0, place(register));
    } else {
      vectors.memory(X64Vectors.STORE_LOW, 0, place(register));
      code.storeConstant(true, 0, X64.RBP, place(register) + 8);
    }
  }
}
