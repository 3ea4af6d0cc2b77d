// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.a64.machinecode;

import static org.xenolith.a64.isa.Fields.esize;
import static org.xenolith.a64.isa.Fields.q;
import static org.xenolith.a64.isa.Fields.rd;
import static org.xenolith.a64.isa.Fields.rm;
import static org.xenolith.a64.isa.Fields.rn;
import static org.xenolith.cpu.a64.machinecode.VectorRegisters.place;

import org.xenolith.a64.isa.Insn;

/** Code of arithmetic whose results have lanes twice as wide as operands. Source: Arm ARM DDI 0487, C7.2. */
final class WideCode implements CodeTable.Emitter {
  private static final int ADD = 0;
  private static final int SUB = 1;
  private static final int ADD_TO_WIDE = 2;
  private static final int SUB_FROM_WIDE = 3;
  private static final int PRODUCT = 4;
  private static final int PRODUCT_ADDED = 5;
  private static final int PRODUCT_SUBTRACTED = 6;
  private static final int PAIRS = 7;
  private static final int PAIRS_ADDED = 8;
  /** PMULLW, PMULLD, and PMULDQ or PMULUDQ, on lanes that have been widened. */
  private static final int[] MULTIPLY = {0x66_0FD5, 0x66_0F3840, 0x66_0F3828};
  private static final int MULTIPLY_UNSIGNED = 0x66_0FF4;

  private final X64Vectors vectors;
  private final VectorRegisters registers;

  WideCode(X64Vectors vectors, VectorRegisters registers) {
    this.vectors = vectors;
    this.registers = registers;
  }

  /** Adds what there is code for. */
  void addTo(CodeTable table) {
    table.put(this, ADD, Insn.SADDL, Insn.UADDL);
    table.put(this, SUB, Insn.SSUBL, Insn.USUBL);
    table.put(this, ADD_TO_WIDE, Insn.SADDW, Insn.UADDW);
    table.put(this, SUB_FROM_WIDE, Insn.SSUBW, Insn.USUBW);
    table.put(this, PRODUCT, Insn.SMULL_VEC, Insn.UMULL_VEC, Insn.SMULL_ELEMENT, Insn.UMULL_ELEMENT);
    table.put(this, PRODUCT_ADDED, Insn.SMLAL_VEC, Insn.UMLAL_VEC, Insn.SMLAL_ELEMENT, Insn.UMLAL_ELEMENT);
    table.put(this, PRODUCT_SUBTRACTED, Insn.SMLSL_VEC, Insn.UMLSL_VEC, Insn.SMLSL_ELEMENT, Insn.UMLSL_ELEMENT);
    table.put(this, PAIRS, Insn.SADDLP, Insn.UADDLP);
    table.put(this, PAIRS_ADDED, Insn.SADALP, Insn.UADALP);
  }

  @Override
  public void emit(int operation, int word, int at) {
    registers.need();
    int size = esize(word);
    boolean unsigned = (word & 1 << 29) != 0;
    int add = VectorCode.host(VectorCode.ADD, size + 1);
    int sub = VectorCode.host(VectorCode.SUB, size + 1);
    switch (operation) {
      case ADD, SUB -> {
        registers.widen(0, rn(word), size, unsigned, q(word));
        registers.widen(1, rm(word), size, unsigned, q(word));
        vectors.registers(operation == ADD ? add : sub, 0, 1);
      }
      case ADD_TO_WIDE, SUB_FROM_WIDE -> {
        vectors.memory(X64Vectors.LOAD, 0, place(rn(word)));
        registers.widen(1, rm(word), size, unsigned, q(word));
        vectors.registers(operation == ADD_TO_WIDE ? add : sub, 0, 1);
      }
      case PRODUCT -> product(unsigned, size, word);
      case PRODUCT_ADDED -> {
        product(unsigned, size, word);
        vectors.memory(add, 0, place(rd(word)));
      }
      case PRODUCT_SUBTRACTED -> {
        product(unsigned, size, word);
        vectors.registers(X64Vectors.LOAD, 1, 0);
        vectors.memory(X64Vectors.LOAD, 0, place(rd(word)));
        vectors.registers(sub, 0, 1);
      }
      default -> {
        vectors.memory(X64Vectors.LOAD, 0, place(rn(word)));
        pairs(size, unsigned);
        if (operation == PAIRS_ADDED) {
          vectors.memory(add, 0, place(rd(word)));
        }
      }
    }
    registers.set(rd(word), q(word) || operation < PAIRS);
  }

  private void product(boolean unsigned, int size, int word) {
    if ((word & 1 << 24) != 0) {
      registers.element(1, size, word);
      // Its low half has what the wide lanes need.
      registers.widen(1, size, unsigned);
    } else {
      registers.widen(1, rm(word), size, unsigned, q(word));
    }
    registers.widen(0, rn(word), size, unsigned, q(word));
    vectors.registers(size == 2 && unsigned ? MULTIPLY_UNSIGNED : MULTIPLY[size], 0, 1);
  }

  /** Neighbouring lanes of XMM0 are added, as wider ones. Takes XMM1. */
  void pairs(int size, boolean unsigned) {
    vectors.registers(X64Vectors.LOAD, 1, 0);
    int bits = 8 << size;
    if (size == 2 && !unsigned) {
      vectors.registers(X64Vectors.SHUFFLE32, 0, 0, 0x08);
      vectors.registers(X64Vectors.SHUFFLE32, 1, 1, 0x0D);
      registers.widen(0, 2, false);
      registers.widen(1, 2, false);
    } else {
      int right = unsigned ? X64Vectors.RIGHT : X64Vectors.RIGHT_SIGNED;
      vectors.shift(X64Vectors.LEFT, size + 1, 0, bits);
      vectors.shift(right, size + 1, 0, bits);
      vectors.shift(right, size + 1, 1, bits);
    }
    vectors.registers(VectorCode.host(VectorCode.ADD, size + 1), 0, 1);
  }
}
