// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.a64.machinecode;

import static org.xenolith.a64.isa.Fields.esize;
import static org.xenolith.a64.isa.Fields.rd;
import static org.xenolith.a64.isa.Fields.rm;
import static org.xenolith.a64.isa.Fields.rn;
import static org.xenolith.cpu.a64.machinecode.VectorRegisters.place;
import static org.xenolith.cpu.a64.machinecode.VectorRegisters.whole;

import org.xenolith.a64.isa.Insn;

/** Code of arithmetic and comparisons of lanes of integers. Source: Arm ARM DDI 0487, C7.2. */
final class VectorCode implements CodeTable.Emitter {
  private static final int LANE64 = 3;
  /** What one operation of the host's does: their numbers in {@link #HOST}. */
  static final int ADD = 0;
  static final int SUB = 1;
  static final int EQUAL = 2;
  static final int GREATER = 3;
  static final int MAX = 4;
  static final int MIN = 5;
  static final int MAX_UNSIGNED = 6;
  static final int MIN_UNSIGNED = 7;
  /** The host's operations by the power of two of a lane's bytes. */
  private static final int[][] HOST = {{0x66_0FFC, 0x66_0FFD, 0x66_0FFE, 0x66_0FD4}, {0x66_0FF8, 0x66_0FF9, 0x66_0FFA, 0x66_0FFB},
      {0x66_0F74, 0x66_0F75, 0x66_0F76, 0x66_0F3829}, {0x66_0F64, 0x66_0F65, 0x66_0F66, 0x66_0F3837}, {0x66_0F383C, 0x66_0FEE, 0x66_0F383D},
      {0x66_0F3838, 0x66_0FEA, 0x66_0F3839}, {0x66_0FDE, 0x66_0F383E, 0x66_0F383F}, {0x66_0FDA, 0x66_0F383A, 0x66_0F383B}};
  private static final int MULTIPLY16 = 0x66_0FD5;
  private static final int MULTIPLY32 = 0x66_0F3840;
  /** Other operations on lanes. */
  private static final int NOT_LESS = 8;
  private static final int NOT_BELOW = 9;
  private static final int ABOVE = 10;
  private static final int TEST = 11;
  private static final int EQUAL_ZERO = 12;
  private static final int POSITIVE = 13;
  private static final int NOT_POSITIVE = 14;
  private static final int NEGATIVE = 15;
  private static final int NOT_NEGATIVE = 16;
  private static final int NEGATE = 17;
  private static final int PRODUCT = 18;
  private static final int PRODUCT_ADDED = 19;
  private static final int PRODUCT_SUBTRACTED = 20;
  private static final int MAGNITUDE = 21;
  private static final int DIFFERENCE = 22;
  private static final int DIFFERENCE_ADDED = 23;
  /** Operations on bits. */
  private static final int BITS_AND = 24;
  private static final int BITS_AND_NOT = 25;
  private static final int BITS_OR = 26;
  private static final int BITS_OR_NOT = 27;
  private static final int BITS_XOR = 28;
  private static final int BITS_NOT = 29;
  private static final int CHOOSE_BY_RESULT = 30;
  private static final int CHOOSE_IF = 31;
  private static final int CHOOSE_UNLESS = 32;

  /** What a lane is multiplied with to be in all lanes of 64 bits. */
  private static final long[] COPIES = {0x0101_0101_0101_0101L, 0x0001_0001_0001_0001L, 0x1_0000_0001L, 1};

  private final X64Vectors vectors;
  private final VectorRegisters registers;
  private final VectorCache held;

  VectorCode(X64Vectors vectors, VectorRegisters registers, VectorCache held) {
    this.held = held;
    this.vectors = vectors;
    this.registers = registers;
  }

  /** One operation of the host's on lanes of {@code 1 << size} bytes. */
  static int host(int operation, int size) {
    return HOST[operation][size];
  }

  /** A lane in all lanes of 64 bits. */
  static long copies(int size, long lane) {
    return lane * COPIES[size];
  }

  /** Adds what there is code for. */
  void addTo(CodeTable table) {
    table.put(this, ADD, Insn.ADD_VEC, Insn.ADD_SCALAR);
    table.put(this, SUB, Insn.SUB_VEC, Insn.SUB_SCALAR);
    table.put(this, EQUAL, Insn.CMEQ_VEC, Insn.CMEQ_SCALAR);
    table.put(this, GREATER, Insn.CMGT_VEC, Insn.CMGT_SCALAR);
    table.put(this, MAX, Insn.SMAX_VEC);
    table.put(this, MIN, Insn.SMIN_VEC);
    table.put(this, MAX_UNSIGNED, Insn.UMAX_VEC);
    table.put(this, MIN_UNSIGNED, Insn.UMIN_VEC);
    table.put(this, NOT_LESS, Insn.CMGE_VEC, Insn.CMGE_SCALAR);
    table.put(this, NOT_BELOW, Insn.CMHS_VEC, Insn.CMHS_SCALAR);
    table.put(this, ABOVE, Insn.CMHI_VEC, Insn.CMHI_SCALAR);
    table.put(this, TEST, Insn.CMTST_VEC, Insn.CMTST_SCALAR);
    table.put(this, EQUAL_ZERO, Insn.CMEQ_ZERO_VEC, Insn.CMEQ_ZERO_SCALAR);
    table.put(this, POSITIVE, Insn.CMGT_ZERO_VEC, Insn.CMGT_ZERO_SCALAR);
    table.put(this, NOT_POSITIVE, Insn.CMLE_ZERO_VEC, Insn.CMLE_ZERO_SCALAR);
    table.put(this, NEGATIVE, Insn.CMLT_ZERO_VEC, Insn.CMLT_ZERO_SCALAR);
    table.put(this, NOT_NEGATIVE, Insn.CMGE_ZERO_VEC, Insn.CMGE_ZERO_SCALAR);
    table.put(this, NEGATE, Insn.NEG_VEC, Insn.NEG_SCALAR);
    table.put(this, PRODUCT, Insn.MUL_VEC, Insn.MUL_ELEMENT);
    table.put(this, PRODUCT_ADDED, Insn.MLA_VEC, Insn.MLA_ELEMENT);
    table.put(this, PRODUCT_SUBTRACTED, Insn.MLS_VEC, Insn.MLS_ELEMENT);
    table.put(this, MAGNITUDE, Insn.ABS_VEC, Insn.ABS_SCALAR);
    table.put(this, DIFFERENCE, Insn.SABD_VEC, Insn.UABD_VEC);
    table.put(this, DIFFERENCE_ADDED, Insn.SABA_VEC, Insn.UABA_VEC);
    table.put(this, BITS_AND, Insn.AND_VEC);
    table.put(this, BITS_AND_NOT, Insn.BIC_VEC);
    table.put(this, BITS_OR, Insn.ORR_VEC);
    table.put(this, BITS_OR_NOT, Insn.ORN_VEC);
    table.put(this, BITS_XOR, Insn.EOR_VEC);
    table.put(this, BITS_NOT, Insn.NOT);
    table.put(this, CHOOSE_BY_RESULT, Insn.BSL_VEC);
    table.put(this, CHOOSE_IF, Insn.BIT_VEC);
    table.put(this, CHOOSE_UNLESS, Insn.BIF_VEC);
  }

  @Override
  public boolean covers(int operation, int word) {
    int size = esize(word);
    return switch (operation) {
      case MAX, MIN, MAX_UNSIGNED, MIN_UNSIGNED, DIFFERENCE, DIFFERENCE_ADDED -> size < LANE64;
      default -> true;
    };
  }

  @Override
  public void emit(int operation, int word, int at) {
    held.keep();
    registers.need();
    compute(operation, word);
    registers.set(rd(word), whole(word));
  }

  /** Has the result in XMM0. */
  private void compute(int operation, int word) {
    int size = esize(word);
    switch (operation) {
      case NOT_LESS -> {
        lanes(GREATER, size, rm(word), rn(word));
        vectors.invert(0, 1);
      }
      case NOT_BELOW -> notBelow(word);
      case ABOVE -> above(word);
      case TEST -> {
        bits(X64Vectors.AND, rn(word), rm(word));
        vectors.zero(1);
        vectors.registers(HOST[EQUAL][size], 0, 1);
        vectors.invert(0, 1);
      }
      case EQUAL_ZERO -> withZero(EQUAL, word);
      case POSITIVE -> positive(word);
      case NOT_POSITIVE -> {
        positive(word);
        vectors.invert(0, 1);
      }
      case NEGATIVE -> withZero(GREATER, word);
      case NOT_NEGATIVE -> {
        withZero(GREATER, word);
        vectors.invert(0, 1);
      }
      case NEGATE -> withZero(SUB, word);
      case PRODUCT -> product(word);
      case PRODUCT_ADDED -> {
        product(word);
        vectors.memory(HOST[ADD][size], 0, place(rd(word)));
      }
      case PRODUCT_SUBTRACTED -> {
        product(word);
        vectors.registers(X64Vectors.LOAD, 1, 0);
        load(rd(word));
        vectors.registers(HOST[SUB][size], 0, 1);
      }
      case MAGNITUDE -> magnitude(word);
      case DIFFERENCE -> difference(word);
      case DIFFERENCE_ADDED -> {
        difference(word);
        vectors.memory(HOST[ADD][size], 0, place(rd(word)));
      }
      case BITS_AND -> bits(X64Vectors.AND, rn(word), rm(word));
      case BITS_AND_NOT -> bits(X64Vectors.NOT_AND, rm(word), rn(word));
      case BITS_OR -> bits(X64Vectors.OR, rn(word), rm(word));
      case BITS_OR_NOT -> {
        load(rm(word));
        vectors.invert(0, 1);
        vectors.memory(X64Vectors.OR, 0, place(rn(word)));
      }
      case BITS_XOR -> bits(X64Vectors.XOR, rn(word), rm(word));
      case BITS_NOT -> {
        load(rn(word));
        vectors.invert(0, 1);
      }
      case CHOOSE_BY_RESULT -> choose(rn(word), rm(word), rd(word));
      case CHOOSE_IF -> choose(rn(word), rd(word), rm(word));
      case CHOOSE_UNLESS -> choose(rd(word), rn(word), rm(word));
      default -> lanes(operation, size, rn(word), rm(word));
    }
  }

  private void load(int register) {
    vectors.memory(X64Vectors.LOAD, 0, place(register));
  }

  /** One operation of the host's on lanes of two registers. */
  private void lanes(int operation, int size, int one, int other) {
    load(one);
    vectors.memory(HOST[operation][size], 0, place(other));
  }

  private void bits(int operation, int one, int other) {
    load(one);
    vectors.memory(operation, 0, place(other));
  }

  /** One on zeros and lanes of a register. */
  private void withZero(int operation, int word) {
    vectors.zero(0);
    vectors.memory(HOST[operation][esize(word)], 0, place(rn(word)));
  }

  private void positive(int word) {
    load(rn(word));
    vectors.zero(1);
    vectors.registers(HOST[GREATER][esize(word)], 0, 1);
  }

  /** Bits of one register where those of a mask are set, and of another one elsewhere. */
  private void choose(int set, int clear, int mask) {
    load(set);
    vectors.memory(X64Vectors.XOR, 0, place(clear));
    vectors.memory(X64Vectors.AND, 0, place(mask));
    vectors.memory(X64Vectors.XOR, 0, place(clear));
  }

  private static boolean byElement(int word) {
    return (word & 1 << 24) != 0;
  }

  private void product(int word) {
    int size = esize(word);
    if (byElement(word)) {
      registers.element(0, size, word);
    } else {
      load(rm(word));
    }
    if (size == 0) {
      bytes(word);
    } else {
      vectors.memory(size == 1 ? MULTIPLY16 : MULTIPLY32, 0, place(rn(word)));
    }
  }

  /** The host multiplies no bytes: those at even and at odd places are. */
  private void bytes(int word) {
    vectors.registers(X64Vectors.LOAD, 1, 0);
    vectors.shift(X64Vectors.RIGHT, 1, 1, 8);
    vectors.memory(X64Vectors.LOAD, 2, place(rn(word)));
    vectors.registers(MULTIPLY16, 0, 2);
    vectors.shift(X64Vectors.RIGHT, 1, 2, 8);
    vectors.registers(MULTIPLY16, 1, 2);
    vectors.shift(X64Vectors.LEFT, 1, 0, 8);
    vectors.shift(X64Vectors.RIGHT, 1, 0, 8);
    vectors.shift(X64Vectors.LEFT, 1, 1, 8);
    vectors.registers(X64Vectors.OR, 0, 1);
  }

  private void notBelow(int word) {
    int size = esize(word);
    if (size == LANE64) {
      unsigned(rm(word), rn(word));
      vectors.invert(0, 1);
    } else {
      lanes(MAX_UNSIGNED, size, rn(word), rm(word));
      vectors.memory(HOST[EQUAL][size], 0, place(rn(word)));
    }
  }

  private void above(int word) {
    int size = esize(word);
    if (size == LANE64) {
      unsigned(rn(word), rm(word));
    } else {
      lanes(MAX_UNSIGNED, size, rn(word), rm(word));
      vectors.memory(HOST[EQUAL][size], 0, place(rm(word)));
      vectors.invert(0, 1);
    }
  }

  /** Whether lanes of 64 bits are above others: signed numbers are compared, whose highest bits are others. */
  private void unsigned(int one, int other) {
    vectors.constant(1, Long.MIN_VALUE);
    load(one);
    vectors.registers(X64Vectors.XOR, 0, 1);
    vectors.memory(X64Vectors.XOR, 1, place(other));
    vectors.registers(HOST[GREATER][LANE64], 0, 1);
  }

  /** A negative number is its inverse, and one more. */
  private void magnitude(int word) {
    withZero(GREATER, word);
    vectors.registers(X64Vectors.LOAD, 1, 0);
    vectors.memory(X64Vectors.XOR, 0, place(rn(word)));
    vectors.registers(HOST[SUB][esize(word)], 0, 1);
  }

  private void difference(int word) {
    boolean unsigned = (word & 1 << 29) != 0;
    int size = esize(word);
    lanes(unsigned ? MIN_UNSIGNED : MIN, size, rn(word), rm(word));
    vectors.registers(X64Vectors.LOAD, 1, 0);
    lanes(unsigned ? MAX_UNSIGNED : MAX, size, rn(word), rm(word));
    vectors.registers(HOST[SUB][size], 0, 1);
  }
}
