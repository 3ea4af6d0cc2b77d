// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.machinecode;

import static org.xenolith.a64.isa.Fields.esize;
import static org.xenolith.a64.isa.Fields.q;
import static org.xenolith.a64.isa.Fields.rd;
import static org.xenolith.a64.isa.Fields.rm;
import static org.xenolith.a64.isa.Fields.rn;
import static org.xenolith.cpu.machinecode.VectorRegisters.place;

import java.util.function.IntConsumer;
import java.util.function.IntPredicate;
import org.xenolith.a64.isa.Insn;

/** Code of arithmetic and comparisons of lanes of integers. Source: Arm ARM DDI 0487, C7.2. */
final class VectorCode {
  private static final int LANE64 = 3;
  /** Operations by the power of two of a lane's bytes. */
  private static final int[] ADD = {0x66_0FFC, 0x66_0FFD, 0x66_0FFE, 0x66_0FD4};
  private static final int[] SUB = {0x66_0FF8, 0x66_0FF9, 0x66_0FFA, 0x66_0FFB};
  private static final int[] EQUAL = {0x66_0F74, 0x66_0F75, 0x66_0F76, 0x66_0F3829};
  private static final int[] GREATER = {0x66_0F64, 0x66_0F65, 0x66_0F66, 0x66_0F3837};
  private static final int[] MAX = {0x66_0F383C, 0x66_0FEE, 0x66_0F383D};
  private static final int[] MIN = {0x66_0F3838, 0x66_0FEA, 0x66_0F3839};
  private static final int[] MAX_UNSIGNED = {0x66_0FDE, 0x66_0F383E, 0x66_0F383F};
  private static final int[] MIN_UNSIGNED = {0x66_0FDA, 0x66_0F383A, 0x66_0F383B};
  private static final int MULTIPLY16 = 0x66_0FD5;
  private static final int MULTIPLY32 = 0x66_0F3840;

  private final X64Vectors vectors;
  private final VectorRegisters registers;

  VectorCode(X64Vectors vectors, VectorRegisters registers) {
    this.vectors = vectors;
    this.registers = registers;
  }

  /** Adds what there is code for. */
  void addTo(CodeTable table) {
    bits(table);
    lanes(table, Insn.ADD_VEC, ADD);
    lanes(table, Insn.SUB_VEC, SUB);
    lanes(table, Insn.SMAX_VEC, MAX);
    lanes(table, Insn.SMIN_VEC, MIN);
    lanes(table, Insn.UMAX_VEC, MAX_UNSIGNED);
    lanes(table, Insn.UMIN_VEC, MIN_UNSIGNED);
    lanes(table, Insn.CMEQ_VEC, EQUAL);
    lanes(table, Insn.CMGT_VEC, GREATER);
    products(table);
    add(table, Insn.CMGE_VEC, null, word -> {
      load(rm(word));
      vectors.memory(GREATER[esize(word)], 0, place(rn(word)));
      vectors.invert(0, 1);
    });
    add(table, Insn.CMHS_VEC, VectorCode::small, word -> {
      load(rn(word));
      vectors.memory(MAX_UNSIGNED[esize(word)], 0, place(rm(word)));
      vectors.memory(EQUAL[esize(word)], 0, place(rn(word)));
    });
    add(table, Insn.CMHI_VEC, VectorCode::small, word -> {
      load(rn(word));
      vectors.memory(MAX_UNSIGNED[esize(word)], 0, place(rm(word)));
      vectors.memory(EQUAL[esize(word)], 0, place(rm(word)));
      vectors.invert(0, 1);
    });
    add(table, Insn.CMTST_VEC, null, word -> {
      load(rn(word));
      vectors.memory(X64Vectors.AND, 0, place(rm(word)));
      vectors.zero(1);
      vectors.registers(EQUAL[esize(word)], 0, 1);
      vectors.invert(0, 1);
    });
    zeros(table);
    pairs(table, Insn.UMAXP_VEC, MAX_UNSIGNED[0]);
    pairs(table, Insn.UMINP_VEC, MIN_UNSIGNED[0]);
    pairs(table, Insn.ADDP_VEC, ADD[0]);
  }

  /** Whether lanes have less than 64 bits. */
  private static boolean small(int word) {
    return esize(word) < LANE64;
  }

  private void load(int register) {
    vectors.memory(X64Vectors.LOAD, 0, place(register));
  }

  /** @param computation computes the result in XMM0 */
  private void add(CodeTable table, Insn insn, IntPredicate words, IntConsumer computation) {
    table.put(insn, words, (word, _) -> {
      registers.need();
      computation.accept(word);
      registers.set(rd(word), q(word));
    });
  }

  /** One operation of the host's does it. */
  private void lanes(CodeTable table, Insn insn, int[] operations) {
    add(table, insn, word -> esize(word) < operations.length, word -> {
      load(rn(word));
      vectors.memory(operations[esize(word)], 0, place(rm(word)));
    });
  }

  private void bits(CodeTable table) {
    whole(table, Insn.AND_VEC, X64Vectors.AND);
    whole(table, Insn.ORR_VEC, X64Vectors.OR);
    whole(table, Insn.EOR_VEC, X64Vectors.XOR);
    add(table, Insn.BIC_VEC, null, word -> {
      load(rm(word));
      vectors.memory(X64Vectors.NOT_AND, 0, place(rn(word)));
    });
    add(table, Insn.ORN_VEC, null, word -> {
      load(rm(word));
      vectors.invert(0, 1);
      vectors.memory(X64Vectors.OR, 0, place(rn(word)));
    });
    add(table, Insn.NOT, null, word -> {
      load(rn(word));
      vectors.invert(0, 1);
    });
    add(table, Insn.BSL_VEC, null, word -> choose(rn(word), rm(word), rd(word)));
    add(table, Insn.BIT_VEC, null, word -> choose(rn(word), rd(word), rm(word)));
    add(table, Insn.BIF_VEC, null, word -> choose(rd(word), rn(word), rm(word)));
  }

  private void whole(CodeTable table, Insn insn, int operation) {
    add(table, insn, null, word -> {
      load(rn(word));
      vectors.memory(operation, 0, place(rm(word)));
    });
  }

  /** Bits of one register where those of a mask are set, and of another one elsewhere. */
  private void choose(int set, int clear, int mask) {
    load(set);
    vectors.memory(X64Vectors.XOR, 0, place(clear));
    vectors.memory(X64Vectors.AND, 0, place(mask));
    vectors.memory(X64Vectors.XOR, 0, place(clear));
  }

  /** Of 16 and 32 bits: the host multiplies no bytes. */
  private void products(CodeTable table) {
    IntPredicate words = word -> esize(word) == 1 || esize(word) == 2;
    sums(table, words, this::product, Insn.MUL_VEC, Insn.MLA_VEC, Insn.MLS_VEC);
    // Lanes of 32 bits: the index is H:L.
    sums(table, word -> esize(word) == 2, word -> {
      vectors.memory(X64Vectors.SHUFFLE32, 0, place(rm(word)), 0x55 * (word >>> 10 & 2 | word >>> 21 & 1));
      vectors.memory(MULTIPLY32, 0, place(rn(word)));
    }, Insn.MUL_ELEMENT, Insn.MLA_ELEMENT, Insn.MLS_ELEMENT);
  }

  /** A product alone, added to the destination, and taken from it. */
  private void sums(CodeTable table, IntPredicate words, IntConsumer product, Insn alone, Insn added, Insn subtracted) {
    add(table, alone, words, product);
    add(table, added, words, word -> {
      product.accept(word);
      vectors.memory(ADD[esize(word)], 0, place(rd(word)));
    });
    add(table, subtracted, words, word -> {
      product.accept(word);
      vectors.registers(X64Vectors.LOAD, 1, 0);
      load(rd(word));
      vectors.registers(SUB[esize(word)], 0, 1);
    });
  }

  private void product(int word) {
    load(rn(word));
    vectors.memory(esize(word) == 1 ? MULTIPLY16 : MULTIPLY32, 0, place(rm(word)));
  }

  private void zeros(CodeTable table) {
    add(table, Insn.CMEQ_ZERO_VEC, null, word -> {
      vectors.zero(0);
      vectors.memory(EQUAL[esize(word)], 0, place(rn(word)));
    });
    add(table, Insn.CMGT_ZERO_VEC, null, this::positive);
    add(table, Insn.CMLE_ZERO_VEC, null, word -> {
      positive(word);
      vectors.invert(0, 1);
    });
    add(table, Insn.CMLT_ZERO_VEC, null, this::negative);
    add(table, Insn.CMGE_ZERO_VEC, null, word -> {
      negative(word);
      vectors.invert(0, 1);
    });
    add(table, Insn.NEG_VEC, null, word -> {
      vectors.zero(0);
      vectors.memory(SUB[esize(word)], 0, place(rn(word)));
    });
  }

  private void positive(int word) {
    load(rn(word));
    vectors.zero(1);
    vectors.registers(GREATER[esize(word)], 0, 1);
  }

  private void negative(int word) {
    vectors.zero(0);
    vectors.memory(GREATER[esize(word)], 0, place(rn(word)));
  }

  /** Pairs of neighbouring bytes. */
  private void pairs(CodeTable table, Insn insn, int operation) {
    add(table, insn, word -> esize(word) == 0, word -> {
      load(rn(word));
      if (q(word)) {
        vectors.memory(X64Vectors.LOAD, 1, place(rm(word)));
      } else {
        vectors.memory(X64Vectors.LOW_HALVES, 0, place(rm(word)));
        vectors.zero(1);
      }
      vectors.registers(X64Vectors.LOAD, 2, 0);
      vectors.registers(X64Vectors.LOAD, 3, 1);
      // Bytes at even places.
      vectors.ones(4);
      vectors.shift(X64Vectors.RIGHT, 1, 4, 8);
      vectors.registers(X64Vectors.AND, 0, 4);
      vectors.registers(X64Vectors.AND, 1, 4);
      vectors.registers(X64Vectors.PACK8, 0, 1);
      // And at odd ones.
      vectors.shift(X64Vectors.RIGHT, 1, 2, 8);
      vectors.shift(X64Vectors.RIGHT, 1, 3, 8);
      vectors.registers(X64Vectors.PACK8, 2, 3);
      vectors.registers(operation, 0, 2);
    });
  }
}
