// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.a64.machinecode;

import static org.xenolith.a64.isa.Fields.rd;
import static org.xenolith.a64.isa.Fields.rm;
import static org.xenolith.a64.isa.Fields.rn;
import static org.xenolith.a64.isa.Fields.sf;
import static org.xenolith.cpu.a64.machinecode.VectorRegisters.place;

import org.xenolith.a64.isa.Fields;
import org.xenolith.a64.isa.Insn;
import org.xenolith.a64.isa.SimdImmediate;
import org.xenolith.hostcode.kit.X64;

/**
 * Code of floating point, of one number, by the host's arithmetic, while FPCR asks for what that does: to nearest, no flush to zero, no default NaN.
 * What the two do differently is the interpreter's: NaNs; results of the least normal magnitude, which the one calls an underflow before it
 * rounds and the other doesn't; conversions that saturate. Flags that an attempt leaves behind are among those that the interpreter
 * sets then. Source: Arm ARM DDI 0487, A1.5 and C7.2; Intel SDM, volume 1, 4.9.1.5.
 */
final class FloatCode implements CodeTable.Emitter {
  /** Operations: those of the host's on two numbers, and these. */
  private static final int NEGATED_PRODUCT = 0;
  private static final int ROOT = 1;
  private static final int INTEGRAL = 2;
  private static final int FUSED = 3;
  private static final int MOVE = 4;
  private static final int MAGNITUDE = 5;
  private static final int NEGATE = 6;
  private static final int CONSTANT = 7;
  private static final int SELECT = 8;
  private static final int TO_OTHER = 9;
  private static final int FROM_SIGNED = 10;
  private static final int FROM_UNSIGNED = 11;
  private static final int TO_SIGNED = 12;
  private static final int TO_UNSIGNED = 13;
  private static final int COMPARE_REGISTER = 14;
  private static final int COMPARE_ZERO = 15;
  private static final int COMPARE_IF = 16;
  private static final int ADD = 0x0F58;
  private static final int MUL = 0x0F59;
  private static final int SUB = 0x0F5C;
  private static final int DIV = 0x0F5E;
  private static final int SQRT = 0x0F51;
  private static final int MIN = 0x0F5D;
  private static final int MAX = 0x0F5F;
  /** MOVSS, MOVSD. */
  private static final int LOAD = 0x0F10;
  /** CVTSS2SD, CVTSD2SS. */
  private static final int CONVERT = 0x0F5A;
  private static final int FROM_INTEGER = 0x0F2A;
  private static final int TO_INTEGER = 0x0F2C;
  private static final int COMPARE = 0x0F2E;
  private static final int COMPARE_SIGNALLING = 0x0F2F;
  /** ROUNDSS, ROUNDSD. */
  private static final int ROUND = 0x66_0F3A0A;
  /** Of a rounding: whether it never is inexact. */
  private static final int QUIET = 8;
  private static final int AS_CONTROLLED = 4;
  /** Roundings of the host's by the three bits of A64's, from N to I. */
  private static final int[] ROUNDINGS = {QUIET, QUIET | 2, QUIET | 1, QUIET | 3, -1, -1, AS_CONTROLLED, QUIET | AS_CONTROLLED};
  /** VFMADD231 and its kin by o1 and o0: FMADD, FMSUB, FNMADD, FNMSUB. */
  private static final int[] FUSED_OPERATIONS = {0xB9, 0xBD, 0xBF, 0xBB};
  /** Exponents of two to the power of 32 and 64, biased. */
  private static final int LARGE_DOUBLE = 1023 + 32;
  private static final int LARGE_SINGLE = 127 + 32;

  private final X64 code;
  private final X64Vectors vectors;
  private final GuestRegisters general;
  private final VectorRegisters registers;
  private final FlagCode flags;
  private final SideExits leaving;
  private final boolean hasFused;

  FloatCode(X64 code, X64Vectors vectors, GuestRegisters general, VectorRegisters registers, FlagCode flags, SideExits leaving,
      boolean hasFused) {
    this.code = code;
    this.vectors = vectors;
    this.general = general;
    this.registers = registers;
    this.flags = flags;
    this.leaving = leaving;
    this.hasFused = hasFused;
  }

  /** Adds what there is code for. */
  void addTo(CodeTable table) {
    table.put(this, ADD, Insn.FADD_SCALAR);
    table.put(this, SUB, Insn.FSUB_SCALAR);
    table.put(this, MUL, Insn.FMUL_SCALAR);
    table.put(this, DIV, Insn.FDIV_SCALAR);
    table.put(this, MAX, Insn.FMAX_SCALAR, Insn.FMAXNM_SCALAR);
    table.put(this, MIN, Insn.FMIN_SCALAR, Insn.FMINNM_SCALAR);
    table.put(this, NEGATED_PRODUCT, Insn.FNMUL);
    table.put(this, ROOT, Insn.FSQRT_SCALAR);
    table.put(this, INTEGRAL, Insn.FRINTN_SCALAR, Insn.FRINTM_SCALAR, Insn.FRINTP_SCALAR, Insn.FRINTZ_SCALAR, Insn.FRINTI_SCALAR,
        Insn.FRINTX_SCALAR);
    if (hasFused) {
      table.put(this, FUSED, Insn.FMADD, Insn.FMSUB, Insn.FNMADD, Insn.FNMSUB);
    }
    table.put(this, MOVE, Insn.FMOV_SCALAR);
    table.put(this, MAGNITUDE, Insn.FABS_SCALAR);
    table.put(this, NEGATE, Insn.FNEG_SCALAR);
    table.put(this, CONSTANT, Insn.FMOV_SCALAR_IMM);
    table.put(this, SELECT, Insn.FCSEL);
    table.put(this, TO_OTHER, Insn.FCVT);
    table.put(this, FROM_SIGNED, Insn.SCVTF_INT);
    table.put(this, FROM_UNSIGNED, Insn.UCVTF_INT);
    table.put(this, TO_SIGNED, Insn.FCVTZS_INT);
    table.put(this, TO_UNSIGNED, Insn.FCVTZU_INT);
    table.put(this, COMPARE_REGISTER, Insn.FCMP, Insn.FCMPE);
    table.put(this, COMPARE_ZERO, Insn.FCMP_ZERO, Insn.FCMPE_ZERO);
    table.put(this, COMPARE_IF, Insn.FCCMP, Insn.FCCMPE);
  }

  @Override
  public boolean covers(int operation, int word) {
    int target = word >>> 15 & 3;
    return Fields.ftype(word) < 2 && (operation != TO_OTHER || target < 2 && target != Fields.ftype(word));
  }

  @Override
  public void emit(int operation, int word, int at) {
    switch (operation) {
      case MOVE, MAGNITUDE, NEGATE -> {
        registers.need();
        move(operation, word);
      }
      case CONSTANT -> {
        registers.need();
        int imm8 = word >>> 13 & 0xFF;
        code.constant(X64.RAX, wide(word) ? SimdImmediate.doubleBits(imm8) : SimdImmediate.floatBits(imm8) & 0xFFFF_FFFFL);
        registers.low(rd(word), X64.RAX);
      }
      case SELECT -> {
        registers.need();
        select(word);
      }
      default -> {
        registers.needNumbers();
        compute(operation, word);
      }
    }
  }

  private void compute(int operation, int word) {
    switch (operation) {
      case TO_SIGNED -> toSigned(word);
      case TO_UNSIGNED -> toUnsigned(word);
      case COMPARE_REGISTER -> {
        compare(word);
        setFlags();
      }
      case COMPARE_IF -> compareIf(word);
      case COMPARE_ZERO -> {
        load(word, 0, rn(word));
        vectors.zero(1);
        vectors.registers(comparison(word), 0, 1);
        compared();
        setFlags();
      }
      default -> {
        result(operation, word);
        registers.set(rd(word), true);
      }
    }
  }

  /** Has the result in XMM0; bits above it are 0. */
  private void result(int operation, int word) {
    switch (operation) {
      case ADD, SUB -> {
        binary(word, operation);
        number(word);
      }
      case MUL, DIV -> {
        binary(word, operation);
        number(word);
        least(word);
      }
      case MAX, MIN -> extreme(operation, word);
      case NEGATED_PRODUCT -> {
        binary(word, MUL);
        number(word);
        least(word);
        negate(word);
      }
      case ROOT -> {
        vectors.zero(0);
        vectors.memory(typed(word, SQRT), 0, place(rn(word)));
        number(word);
      }
      case INTEGRAL -> {
        vectors.zero(0);
        vectors.memory(wide(word) ? ROUND | 1 : ROUND, 0, place(rn(word)), ROUNDINGS[word >>> 15 & 7]);
        number(word);
      }
      case FUSED -> {
        load(word, 0, Fields.ra(word));
        load(word, 1, rn(word));
        vectors.fused(FUSED_OPERATIONS[word >>> 20 & 2 | word >>> 15 & 1], wide(word), 1, place(rm(word)));
        number(word);
        least(word);
      }
      case TO_OTHER -> toOther(word);
      case FROM_SIGNED -> fromSigned(word);
      default -> fromUnsigned(word);
    }
  }

  /** Whether it is about double precision. */
  private static boolean wide(int word) {
    return Fields.ftype(word) == 1;
  }

  /** An operation with the prefix of its precision. */
  private static int typed(int word, int operation) {
    return (wide(word) ? 0xF2_0000 : 0xF3_0000) | operation;
  }

  private void load(int word, int register, int from) {
    vectors.memory(typed(word, LOAD), register, place(from));
  }

  // ---- Results: XMM0, whose bits above the number are 0

  /** XMM0 is no NaN behind this. */
  private void number(int word) {
    vectors.registers(wide(word) ? 0x66_0000 | COMPARE : COMPARE, 0, 0);
    leaving.interpretIf(X64.P);
  }

  /** XMM0 hasn't the magnitude of the least normal number behind this. */
  private void least(int word) {
    vectors.toGeneral(true, X64.RAX, 0);
    code.arithmetic(X64.ADD, wide(word), X64.RAX, X64.RAX);
    if (wide(word)) {
      code.constant(X64.RCX, 1L << 53);
      code.arithmetic(X64.CMP, true, X64.RAX, X64.RCX);
    } else {
      code.arithmeticConstant(X64.CMP, false, X64.RAX, 1 << 24);
    }
    leaving.interpretIf(X64.E);
  }

  private void negate(int word) {
    vectors.toGeneral(true, X64.RAX, 0);
    code.complementBit(X64.RAX, wide(word) ? 63 : 31);
    vectors.fromGeneral(true, 0, X64.RAX);
  }

  private void binary(int word, int operation) {
    load(word, 0, rn(word));
    vectors.memory(typed(word, operation), 0, place(rm(word)));
  }

  /** Of different numbers; zeros of different signs are equal to the host. */
  private void extreme(int operation, int word) {
    load(word, 0, rn(word));
    vectors.memory(wide(word) ? 0x66_0000 | COMPARE : COMPARE, 0, place(rm(word)));
    leaving.interpretIf(X64.P);
    leaving.interpretIf(X64.E);
    vectors.memory(typed(word, operation), 0, place(rm(word)));
  }

  // ---- Moves: they change no flags of FPSR, whatever the number

  private void move(int operation, int word) {
    code.load(wide(word), X64.RAX, X64.RBP, place(rn(word)));
    int sign = wide(word) ? 63 : 31;
    if (operation == MAGNITUDE) {
      code.clearBit(X64.RAX, sign);
    } else if (operation == NEGATE) {
      code.complementBit(X64.RAX, sign);
    }
    registers.low(rd(word), X64.RAX);
  }

  private void select(int word) {
    boolean wide = wide(word);
    if (!FlagCode.conditional(Fields.cond(word))) {
      code.load(wide, X64.RAX, X64.RBP, place(rn(word)));
    } else {
      flags.lose();
      int condition = flags.condition(Fields.cond(word));
      code.load(wide, X64.RAX, X64.RBP, place(rm(word)));
      code.load(wide, X64.RCX, X64.RBP, place(rn(word)));
      code.moveIf(condition, wide, X64.RAX, X64.RCX);
    }
    registers.low(rd(word), X64.RAX);
  }

  // ---- Conversions

  private void toOther(int word) {
    vectors.zero(0);
    vectors.memory(typed(word, CONVERT), 0, place(rn(word)));
    int result = word ^ 1 << 22;
    number(result);
    if (wide(word)) {
      least(result);
    }
  }

  private void fromSigned(int word) {
    int from = general.source(GuestRegisters.orZero(rn(word)), X64.RAX);
    vectors.zero(0);
    vectors.general(typed(word, FROM_INTEGER), sf(word), 0, from);
  }

  private void fromUnsigned(int word) {
    general.copy(sf(word), X64.RAX, GuestRegisters.orZero(rn(word)));
    if (sf(word)) {
      code.test(true, X64.RAX, X64.RAX);
      leaving.interpretIf(X64.S);
    } else {
      code.move(false, X64.RAX, X64.RAX);
    }
    vectors.zero(0);
    vectors.general(typed(word, FROM_INTEGER), true, 0, X64.RAX);
  }

  private void toSigned(int word) {
    load(word, 0, rn(word));
    vectors.general(typed(word, TO_INTEGER), sf(word), X64.RAX, 0);
    // The least integer stands for what can't be converted, too.
    code.move(sf(word), X64.RCX, X64.RAX);
    code.arithmetic(X64.ADD, sf(word), X64.RCX, X64.RCX);
    int not = code.jumpShortIf(X64.NE);
    code.test(sf(word), X64.RAX, X64.RAX);
    leaving.interpretIf(X64.S);
    code.patchShort(not);
    general.set(GuestRegisters.orZero(rd(word)), X64.RAX);
  }

  private void toUnsigned(int word) {
    load(word, 0, rn(word));
    // Neither negative nor too large: a number that saturates isn't inexact.
    code.load(wide(word), X64.RAX, X64.RBP, place(rn(word)));
    code.shift(X64.SHR, wide(word), X64.RAX, wide(word) ? 52 : 23);
    code.arithmeticConstant(X64.CMP, false, X64.RAX, (wide(word) ? LARGE_DOUBLE : LARGE_SINGLE) + (sf(word) ? 31 : 0));
    leaving.interpretIf(X64.AE);
    vectors.general(typed(word, TO_INTEGER), true, X64.RAX, 0);
    general.set(GuestRegisters.orZero(rd(word)), X64.RAX);
  }

  // ---- Comparisons

  /** Bit 4 says whether any NaN is an invalid operation. */
  private static int comparison(int word) {
    int operation = (word & 1 << 4) != 0 ? COMPARE_SIGNALLING : COMPARE;
    return wide(word) ? 0x66_0000 | operation : operation;
  }

  /** AX has the flags of a comparison. */
  private void compare(int word) {
    load(word, 0, rn(word));
    vectors.memory(comparison(word), 0, place(rm(word)));
    compared();
  }

  private void compareIf(int word) {
    if (!FlagCode.conditional(Fields.cond(word))) {
      compare(word);
    } else {
      flags.lose();
      int not = code.jumpShortIf(flags.condition(Fields.cond(word)) ^ 1);
      compare(word);
      int done = code.jumpShort();
      code.patchShort(not);
      code.constant(X64.RAX, FlagCode.packed(word << 28));
      code.patchShort(done);
    }
    setFlags();
  }

  private void setFlags() {
    flags.saveAx();
    code.flagsFromAx();
  }

  /** The host's flags of a comparison become NZCV in AX: less 1000, equal 0110, greater 0010, unordered 0011. */
  private void compared() {
    code.constant(X64.RAX, FlagCode.packed(0x2000_0000));
    code.constant(X64.RCX, FlagCode.packed(0x8000_0000));
    code.moveIf(X64.B, false, X64.RAX, X64.RCX);
    code.constant(X64.RCX, FlagCode.packed(0x6000_0000));
    code.moveIf(X64.E, false, X64.RAX, X64.RCX);
    code.constant(X64.RCX, FlagCode.packed(0x3000_0000));
    code.moveIf(X64.P, false, X64.RAX, X64.RCX);
  }
}
