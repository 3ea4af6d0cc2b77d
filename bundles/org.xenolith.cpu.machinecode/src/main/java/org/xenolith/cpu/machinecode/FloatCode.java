// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.machinecode;

import static org.xenolith.a64.isa.Fields.rd;
import static org.xenolith.a64.isa.Fields.rm;
import static org.xenolith.a64.isa.Fields.rn;
import static org.xenolith.a64.isa.Fields.sf;
import static org.xenolith.cpu.machinecode.VectorRegisters.place;

import java.util.List;
import java.util.function.IntConsumer;
import java.util.function.IntPredicate;
import org.xenolith.a64.isa.Fields;
import org.xenolith.a64.isa.Insn;
import org.xenolith.a64.isa.SimdImmediate;

/**
 * Code of floating point, of one number, by the host's arithmetic, while FPCR asks for what that does: to nearest, no flush to zero, no default NaN.
 * What the two do differently is the interpreter's: NaNs; results of the least normal magnitude, which the one calls an underflow before it
 * rounds and the other doesn't; conversions that saturate. Flags that an attempt leaves behind are among those that the interpreter
 * sets then. Source: Arm ARM DDI 0487, A1.5 and C7.2; Intel SDM, volume 1, 4.9.1.5.
 */
final class FloatCode {
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
  /** Exponents of two to the power of 32 and 64, biased. */
  private static final int LARGE_DOUBLE = 1023 + 32;
  private static final int LARGE_SINGLE = 127 + 32;

  private final X64 code;
  private final X64Vectors vectors;
  private final GuestRegisters general;
  private final VectorRegisters registers;
  private final FlagCode flags;
  private final WaysOut leaving;
  private final boolean hasFused;

  FloatCode(X64 code, X64Vectors vectors, GuestRegisters general, VectorRegisters registers, FlagCode flags, WaysOut leaving,
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
    moves(table);
    arithmetic(table, Insn.FADD_SCALAR, ADD);
    arithmetic(table, Insn.FSUB_SCALAR, SUB);
    arithmetic(table, Insn.FMUL_SCALAR, MUL);
    arithmetic(table, Insn.FDIV_SCALAR, DIV);
    add(table, Insn.FNMUL, word -> {
      binary(word, MUL);
      number(word);
      least(word);
      negate(word);
      registers.set(rd(word), true);
    });
    add(table, Insn.FSQRT_SCALAR, word -> {
      vectors.zero(0);
      vectors.memory(typed(word, SQRT), 0, place(rn(word)));
      number(word);
      registers.set(rd(word), true);
    });
    extreme(table, Insn.FMAX_SCALAR, MAX);
    extreme(table, Insn.FMAXNM_SCALAR, MAX);
    extreme(table, Insn.FMIN_SCALAR, MIN);
    extreme(table, Insn.FMINNM_SCALAR, MIN);
    round(table, Insn.FRINTN_SCALAR, QUIET);
    round(table, Insn.FRINTM_SCALAR, QUIET | 1);
    round(table, Insn.FRINTP_SCALAR, QUIET | 2);
    round(table, Insn.FRINTZ_SCALAR, QUIET | 3);
    round(table, Insn.FRINTI_SCALAR, QUIET | AS_CONTROLLED);
    round(table, Insn.FRINTX_SCALAR, AS_CONTROLLED);
    if (hasFused) {
      fused(table, Insn.FMADD, 0xB9);
      fused(table, Insn.FMSUB, 0xBD);
      fused(table, Insn.FNMADD, 0xBF);
      fused(table, Insn.FNMSUB, 0xBB);
    }
    conversions(table);
    comparisons(table);
  }

  /** Whether it is about double precision. */
  private static boolean wide(int word) {
    return Fields.ftype(word) == 1;
  }

  private static boolean narrow(int word) {
    return Fields.ftype(word) < 2;
  }

  /** An operation with the prefix of its precision. */
  private static int typed(int word, int operation) {
    return (wide(word) ? 0xF2_0000 : 0xF3_0000) | operation;
  }

  private void add(CodeTable table, Insn insn, IntConsumer computation) {
    table.put(insn, FloatCode::narrow, (word, _) -> {
      registers.needNumbers();
      computation.accept(word);
    });
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

  private void arithmetic(CodeTable table, Insn insn, int operation) {
    add(table, insn, word -> {
      binary(word, operation);
      number(word);
      if (operation == MUL || operation == DIV) {
        least(word);
      }
      registers.set(rd(word), true);
    });
  }

  /** VFMADD231 and its kin: the addend is XMM0. */
  private void fused(CodeTable table, Insn insn, int operation) {
    add(table, insn, word -> {
      load(word, 0, Fields.ra(word));
      load(word, 1, rn(word));
      vectors.fused(operation, wide(word), 1, place(rm(word)));
      number(word);
      least(word);
      registers.set(rd(word), true);
    });
  }

  /** Of different numbers; zeros of different signs are equal to the host. */
  private void extreme(CodeTable table, Insn insn, int operation) {
    add(table, insn, word -> {
      load(word, 0, rn(word));
      vectors.memory(wide(word) ? 0x66_0000 | COMPARE : COMPARE, 0, place(rm(word)));
      leaving.interpretIf(X64.P);
      leaving.interpretIf(X64.E);
      vectors.memory(typed(word, operation), 0, place(rm(word)));
      registers.set(rd(word), true);
    });
  }

  private void round(CodeTable table, Insn insn, int how) {
    add(table, insn, word -> {
      vectors.zero(0);
      vectors.memory(wide(word) ? ROUND | 1 : ROUND, 0, place(rn(word)), how);
      number(word);
      registers.set(rd(word), true);
    });
  }

  // ---- Moves

  private void moves(CodeTable table) {
    move(table, Insn.FMOV_SCALAR, _ -> {});
    move(table, Insn.FABS_SCALAR, word -> code.clearBit(X64.RAX, wide(word) ? 63 : 31));
    move(table, Insn.FNEG_SCALAR, word -> code.complementBit(X64.RAX, wide(word) ? 63 : 31));
    table.put(Insn.FMOV_SCALAR_IMM, FloatCode::narrow, (word, _) -> {
      registers.need();
      int imm8 = word >>> 13 & 0xFF;
      code.constant(X64.RAX, wide(word) ? SimdImmediate.doubleBits(imm8) : SimdImmediate.floatBits(imm8) & 0xFFFF_FFFFL);
      registers.low(rd(word), X64.RAX);
    });
    table.put(Insn.FCSEL, FloatCode::narrow, (word, _) -> {
      registers.need();
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
    });
  }

  /** One that changes no flags of FPSR, whatever the number. */
  private void move(CodeTable table, Insn insn, IntConsumer computation) {
    table.put(insn, FloatCode::narrow, (word, _) -> {
      registers.need();
      code.load(wide(word), X64.RAX, X64.RBP, place(rn(word)));
      computation.accept(word);
      registers.low(rd(word), X64.RAX);
    });
  }

  // ---- Conversions

  private void conversions(CodeTable table) {
    IntPredicate known = word -> narrow(word) && (word >>> 15 & 3) < 2 && (word >>> 15 & 3) != Fields.ftype(word);
    table.put(Insn.FCVT, known, (word, _) -> {
      registers.needNumbers();
      vectors.zero(0);
      vectors.memory(typed(word, CONVERT), 0, place(rn(word)));
      int result = word ^ 1 << 22;
      number(result);
      if (wide(word)) {
        least(result);
      }
      registers.set(rd(word), true);
    });
    add(table, Insn.SCVTF_INT, word -> {
      int from = general.source(GuestRegisters.orZero(rn(word)), X64.RAX);
      vectors.zero(0);
      vectors.general(typed(word, FROM_INTEGER), sf(word), 0, from);
      registers.set(rd(word), true);
    });
    add(table, Insn.UCVTF_INT, word -> {
      general.copy(sf(word), X64.RAX, GuestRegisters.orZero(rn(word)));
      if (sf(word)) {
        code.test(true, X64.RAX, X64.RAX);
        leaving.interpretIf(X64.S);
      } else {
        code.move(false, X64.RAX, X64.RAX);
      }
      vectors.zero(0);
      vectors.general(typed(word, FROM_INTEGER), true, 0, X64.RAX);
      registers.set(rd(word), true);
    });
    add(table, Insn.FCVTZS_INT, word -> {
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
    });
    add(table, Insn.FCVTZU_INT, word -> {
      load(word, 0, rn(word));
      // Neither negative nor too large: a number that saturates isn't inexact.
      code.load(wide(word), X64.RAX, X64.RBP, place(rn(word)));
      code.shift(X64.SHR, wide(word), X64.RAX, wide(word) ? 52 : 23);
      code.arithmeticConstant(X64.CMP, false, X64.RAX, (wide(word) ? LARGE_DOUBLE : LARGE_SINGLE) + (sf(word) ? 31 : 0));
      leaving.interpretIf(X64.AE);
      vectors.general(typed(word, TO_INTEGER), true, X64.RAX, 0);
      general.set(GuestRegisters.orZero(rd(word)), X64.RAX);
    });
  }

  // ---- Comparisons

  private void comparisons(CodeTable table) {
    for (Insn insn : List.of(Insn.FCMP, Insn.FCMPE)) {
      int operation = insn == Insn.FCMP ? COMPARE : COMPARE_SIGNALLING;
      add(table, insn, word -> {
        load(word, 0, rn(word));
        vectors.memory(wide(word) ? 0x66_0000 | operation : operation, 0, place(rm(word)));
        compared();
      });
    }
    for (Insn insn : List.of(Insn.FCMP_ZERO, Insn.FCMPE_ZERO)) {
      int operation = insn == Insn.FCMP_ZERO ? COMPARE : COMPARE_SIGNALLING;
      add(table, insn, word -> {
        load(word, 0, rn(word));
        vectors.zero(1);
        vectors.registers(wide(word) ? 0x66_0000 | operation : operation, 0, 1);
        compared();
      });
    }
  }

  /** The host's flags of a comparison become NZCV: less 1000, equal 0110, greater 0010, unordered 0011. */
  private void compared() {
    code.constant(X64.RAX, FlagCode.packed(0x2000_0000));
    code.constant(X64.RCX, FlagCode.packed(0x8000_0000));
    code.moveIf(X64.B, false, X64.RAX, X64.RCX);
    code.constant(X64.RCX, FlagCode.packed(0x6000_0000));
    code.moveIf(X64.E, false, X64.RAX, X64.RCX);
    code.constant(X64.RCX, FlagCode.packed(0x3000_0000));
    code.moveIf(X64.P, false, X64.RAX, X64.RCX);
    flags.saveAx();
    code.flagsFromAx();
  }
}
