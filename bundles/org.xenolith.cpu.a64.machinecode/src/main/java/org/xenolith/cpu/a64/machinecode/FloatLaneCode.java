// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.a64.machinecode;

import static org.xenolith.a64.isa.Fields.q;
import static org.xenolith.a64.isa.Fields.rd;
import static org.xenolith.a64.isa.Fields.rm;
import static org.xenolith.a64.isa.Fields.rn;
import static org.xenolith.cpu.a64.machinecode.VectorRegisters.place;
import static org.xenolith.cpu.a64.machinecode.VectorRegisters.whole;

import org.xenolith.a64.isa.Insn;
import org.xenolith.hostcode.kit.X64;

/**
 * Code of lanes of floating point, by the rules of {@link FloatCode}: if one lane is the interpreter's, all are. Where only half of a register is
 * computed with, that is in both halves of the host's, so that no other lane raises a flag. Source: Arm ARM DDI 0487, C7.2; Intel SDM, volume 2.
 */
final class FloatLaneCode implements CodeTable.Emitter {
  /** Operations: those of the host's on two registers, and these. */
  private static final int ROOT = 0;
  private static final int PRODUCT = 1;
  private static final int FUSED = 2;
  private static final int MAGNITUDE = 3;
  private static final int NEGATE = 4;
  private static final int EQUAL = 5;
  private static final int COMPARE = 6;
  private static final int EQUAL_ZERO = 7;
  private static final int ABOVE_ZERO = 8;
  private static final int BELOW_ZERO = 9;
  private static final int INTEGRAL = 10;
  private static final int PAIRS = 11;
  private static final int PAIR = 12;
  private static final int ADD = 0x0F58;
  private static final int MUL = 0x0F59;
  private static final int SUB = 0x0F5C;
  private static final int DIV = 0x0F5E;
  private static final int MIN = 0x0F5D;
  private static final int MAX = 0x0F5F;
  private static final int SQRT = 0x0F51;
  /** CMPPS, and which comparison: the second and the third of any NaN are invalid operations. */
  private static final int HOST_COMPARE = 0x0FC2;
  private static final int IS_EQUAL = 0;
  private static final int IS_LESS = 1;
  private static final int IS_NOT_GREATER = 2;
  private static final int IS_UNORDERED = 3;
  /** MOVMSKPS. */
  private static final int SIGNS = 0x0F50;
  /** MOVDDUP. */
  private static final int LOAD_TWICE = 0xF2_0F12;
  /** ROUNDPS. */
  private static final int ROUND = 0x66_0F3A08;
  private static final int QUIET = 8;
  private static final int AS_CONTROLLED = 4;
  /** HADDPS, HADDPD. */
  private static final int ADD_PAIRS32 = 0xF2_0F7C;
  private static final int ADD_PAIRS64 = 0x66_0F7C;
  /** VFMADD231PS, VFNMADD231PS. */
  private static final int ADD_PRODUCT = 0xB8;
  private static final int SUBTRACT_PRODUCT = 0xBC;
  private static final int EXCHANGED_HALVES = 0x4E;
  private static final int EXCHANGED = 0xB1;

  private final X64 code;
  private final X64Vectors vectors;
  private final VectorRegisters registers;
  private final SideExits leaving;
  private final boolean hasFused;

  FloatLaneCode(X64 code, X64Vectors vectors, VectorRegisters registers, SideExits leaving, boolean hasFused) {
    this.code = code;
    this.vectors = vectors;
    this.registers = registers;
    this.leaving = leaving;
    this.hasFused = hasFused;
  }

  /** Adds what there is code for. */
  void addTo(CodeTable table) {
    table.put(this, ADD, Insn.FADD_VEC);
    table.put(this, SUB, Insn.FSUB_VEC);
    table.put(this, DIV, Insn.FDIV_VEC);
    table.put(this, MAX, Insn.FMAX_VEC, Insn.FMAXNM_VEC);
    table.put(this, MIN, Insn.FMIN_VEC, Insn.FMINNM_VEC);
    table.put(this, ROOT, Insn.FSQRT_VEC);
    table.put(this, PRODUCT, Insn.FMUL_VEC, Insn.FMUL_ELEMENT, Insn.FMUL_SCALAR_ELEMENT);
    if (hasFused) {
      table.put(this, FUSED, Insn.FMLA_VEC, Insn.FMLS_VEC, Insn.FMLA_ELEMENT, Insn.FMLS_ELEMENT, Insn.FMLA_SCALAR_ELEMENT,
          Insn.FMLS_SCALAR_ELEMENT);
    }
    table.put(this, MAGNITUDE, Insn.FABS_VEC);
    table.put(this, NEGATE, Insn.FNEG_VEC);
    table.put(this, EQUAL, Insn.FCMEQ_VEC, Insn.FCMEQ_SCALAR);
    table.put(this, COMPARE, Insn.FCMGT_VEC, Insn.FCMGE_VEC, Insn.FCMGT_SCALAR, Insn.FCMGE_SCALAR);
    table.put(this, EQUAL_ZERO, Insn.FCMEQ_ZERO_VEC, Insn.FCMEQ_ZERO_SCALAR);
    table.put(this, ABOVE_ZERO, Insn.FCMGT_ZERO_VEC, Insn.FCMGE_ZERO_VEC, Insn.FCMGT_ZERO_SCALAR, Insn.FCMGE_ZERO_SCALAR);
    table.put(this, BELOW_ZERO, Insn.FCMLT_ZERO_VEC, Insn.FCMLE_ZERO_VEC, Insn.FCMLT_ZERO_SCALAR, Insn.FCMLE_ZERO_SCALAR);
    table.put(this, INTEGRAL, Insn.FRINTN_VEC, Insn.FRINTM_VEC, Insn.FRINTP_VEC, Insn.FRINTZ_VEC, Insn.FRINTX_VEC, Insn.FRINTI_VEC);
    table.put(this, PAIRS, Insn.FADDP_VEC);
    table.put(this, PAIR, Insn.FADDP_SCALAR);
    new LaneConversionCode(code, vectors, registers, leaving, this).addTo(table);
  }

  @Override
  public void emit(int operation, int word, int at) {
    if (operation == MAGNITUDE || operation == NEGATE) {
      registers.need();
      sign(operation, word);
      registers.set(rd(word), q(word));
      return;
    }
    registers.needNumbers();
    compute(operation, word);
    result(word);
  }

  /** Whether it is about double precision. */
  static boolean wide(int word) {
    return (word & 1 << 22) != 0;
  }

  /** Whether it is about one number. */
  static boolean scalar(int word) {
    return (word & 1 << 28) != 0;
  }

  /** An operation with the prefix of its precision. */
  private static int typed(int word, int operation) {
    return wide(word) ? 0x66_0000 | operation : operation;
  }

  /** Has lanes in a register: a scalar in all of them. */
  void load(int to, int from, int word) {
    if (scalar(word) && !wide(word)) {
      vectors.memory(X64Vectors.SHUFFLE32, to, place(from), 0);
    } else {
      vectors.memory(whole(word) ? X64Vectors.LOAD : LOAD_TWICE, to, place(from));
    }
  }

  /** The destination becomes XMM0, its low half, or one number. */
  private void result(int word) {
    if (scalar(word) && !wide(word)) {
      vectors.toGeneral(false, X64.RAX, 0);
      registers.low(rd(word), X64.RAX);
    } else {
      registers.set(rd(word), whole(word));
    }
  }

  private void compute(int operation, int word) {
    switch (operation) {
      case ADD, SUB, DIV -> {
        load(0, rn(word), word);
        load(1, rm(word), word);
        vectors.registers(typed(word, operation), 0, 1);
        check(wide(word), operation == DIV);
      }
      case MAX, MIN -> extreme(operation, word);
      case ROOT -> {
        load(1, rn(word), word);
        vectors.registers(typed(word, SQRT), 0, 1);
        check(wide(word), false);
      }
      case PRODUCT -> {
        factor(word);
        load(0, rn(word), word);
        vectors.registers(typed(word, MUL), 0, 1);
        check(wide(word), true);
      }
      case FUSED -> {
        factor(word);
        load(0, rd(word), word);
        load(2, rn(word), word);
        // By element FMLS has bit 14, else bit 23.
        boolean subtract = (word & (byElement(word) ? 1 << 14 : 1 << 23)) != 0;
        vectors.fusedRegisters(subtract ? SUBTRACT_PRODUCT : ADD_PRODUCT, wide(word), 1, 2);
        check(wide(word), true);
      }
      case EQUAL -> compare(IS_EQUAL, rn(word), rm(word), word);
      case COMPARE -> compare((word & 1 << 23) != 0 ? IS_LESS : IS_NOT_GREATER, rm(word), rn(word), word);
      case EQUAL_ZERO, BELOW_ZERO -> {
        load(0, rn(word), word);
        vectors.zero(1);
        // FCMLE has bit 29.
        vectors.registers(typed(word, HOST_COMPARE), 0, 1, operation == EQUAL_ZERO ? IS_EQUAL : (word & 1 << 29) != 0 ? IS_NOT_GREATER
            : IS_LESS);
      }
      case ABOVE_ZERO -> {
        vectors.zero(0);
        load(1, rn(word), word);
        // FCMGE has bit 29.
        vectors.registers(typed(word, HOST_COMPARE), 0, 1, (word & 1 << 29) != 0 ? IS_NOT_GREATER : IS_LESS);
      }
      case INTEGRAL -> {
        load(1, rn(word), word);
        vectors.registers(wide(word) ? ROUND | 1 : ROUND, 0, 1, rounding(word));
        check(wide(word), false);
      }
      case PAIRS -> pairs(word);
      default -> {
        vectors.memory(X64Vectors.LOAD, 0, place(rn(word)));
        if (!wide(word)) {
          vectors.registers(X64Vectors.LOW_HALVES, 0, 0);
        }
        vectors.registers(X64Vectors.SHUFFLE32, 1, 0, wide(word) ? EXCHANGED_HALVES : EXCHANGED);
        vectors.registers(typed(word, ADD), 0, 1);
        check(wide(word), false);
      }
    }
  }

  /** No lane of XMM0 is a NaN behind this, or, if asked for, of the least normal magnitude. Takes RAX and XMM2 to XMM4. */
  void check(boolean wide, boolean least) {
    int prefix = wide ? 0x66_0000 : 0;
    int size = wide ? 3 : 2;
    vectors.registers(X64Vectors.LOAD, 2, 0);
    vectors.registers(prefix | HOST_COMPARE, 2, 2, IS_UNORDERED);
    if (least) {
      vectors.registers(X64Vectors.LOAD, 3, 0);
      vectors.shift(X64Vectors.LEFT, size, 3, 1);
      vectors.constant(4, wide ? 1L << 53 : 1L << 24 | 1L << 56);
      vectors.registers(VectorCode.host(VectorCode.EQUAL, size), 3, 4);
      vectors.registers(X64Vectors.OR, 2, 3);
    }
    leaveIfAny(prefix);
  }

  /** The interpreter has it if a lane of XMM2 has a sign. */
  void leaveIfAny(int prefix) {
    vectors.registers(prefix | SIGNS, X64.RAX, 2);
    code.test(false, X64.RAX, X64.RAX);
    leaving.interpretIf(X64.NE);
  }

  private static boolean byElement(int word) {
    return (word & 1 << 24) != 0;
  }

  /** XMM1 has the second factor. */
  private void factor(int word) {
    if (!byElement(word)) {
      load(1, rm(word), word);
    } else if (wide(word)) {
      vectors.memory(X64Vectors.SHUFFLE32, 1, place(rm(word)), (word & 1 << 11) != 0 ? 0xEE : 0x44);
    } else {
      registers.element(1, 2, word);
    }
  }

  private void compare(int how, int one, int other, int word) {
    load(0, one, word);
    load(1, other, word);
    vectors.registers(typed(word, HOST_COMPARE), 0, 1, how);
  }

  /** Zeros of different signs are equal to the host. */
  private void extreme(int operation, int word) {
    load(0, rn(word), word);
    load(1, rm(word), word);
    int prefix = typed(word, 0);
    vectors.registers(X64Vectors.LOAD, 2, 0);
    vectors.registers(prefix | HOST_COMPARE, 2, 1, IS_EQUAL);
    vectors.registers(X64Vectors.LOAD, 3, 0);
    vectors.registers(VectorCode.host(VectorCode.EQUAL, wide(word) ? 3 : 2), 3, 1);
    vectors.registers(X64Vectors.NOT_AND, 3, 2);
    vectors.registers(X64Vectors.LOAD, 2, 0);
    vectors.registers(prefix | HOST_COMPARE, 2, 1, IS_UNORDERED);
    vectors.registers(X64Vectors.OR, 2, 3);
    leaveIfAny(prefix);
    vectors.registers(typed(word, operation), 0, 1);
  }

  private void sign(int operation, int word) {
    long signs = wide(word) ? Long.MIN_VALUE : 0x8000_0000_8000_0000L;
    vectors.constant(0, operation == NEGATE ? signs : ~signs);
    vectors.memory(operation == NEGATE ? X64Vectors.XOR : X64Vectors.AND, 0, place(rn(word)));
  }

  /** FRINTN, M, P, Z, X, I: by U, o2, and the opcode's lowest bit. */
  private static int rounding(int word) {
    boolean second = (word & 1 << 23) != 0;
    boolean odd = (word & 1 << 12) != 0;
    if ((word & 1 << 29) != 0) {
      return second ? QUIET | AS_CONTROLLED : AS_CONTROLLED;
    }
    return QUIET | (odd ? second ? 3 : 1 : second ? 2 : 0);
  }

  private void pairs(int word) {
    vectors.memory(X64Vectors.LOAD, 0, place(rn(word)));
    if (q(word)) {
      vectors.memory(wide(word) ? ADD_PAIRS64 : ADD_PAIRS32, 0, place(rm(word)));
    } else {
      vectors.memory(X64Vectors.LOW_HALVES, 0, place(rm(word)));
      vectors.registers(ADD_PAIRS32, 0, 0);
    }
    check(wide(word), false);
  }
}
