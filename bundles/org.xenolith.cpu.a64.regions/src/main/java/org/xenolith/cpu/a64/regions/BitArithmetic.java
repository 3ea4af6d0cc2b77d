// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.a64.regions;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import org.xenolith.a64.isa.Fields;
import org.xenolith.a64.isa.Insn;

/** Code of bit fields, shifts by a register, counts, products and quotients of general registers. */
final class BitArithmetic {
  private static final ClassDesc LONG = ConstantDescs.CD_long;
  private static final ClassDesc INT = ConstantDescs.CD_int;
  private static final ClassDesc LONG_CLASS = ClassDesc.of("java.lang.Long");
  private static final ClassDesc INTEGER = ClassDesc.of("java.lang.Integer");
  private static final ClassDesc MATH = ClassDesc.of("java.lang.Math");
  private static final MethodTypeDesc TWO = MethodTypeDesc.of(LONG, LONG, LONG);
  private static final MethodTypeDesc ONE = MethodTypeDesc.of(LONG, LONG);
  private static final MethodTypeDesc ONE_INT = MethodTypeDesc.of(INT, INT);
  private static final MethodTypeDesc ROTATE = MethodTypeDesc.of(LONG, LONG, INT);
  private static final MethodTypeDesc COUNT = MethodTypeDesc.of(INT, LONG);

  private final Frame frame;
  private final CodeBuilder cb;

  BitArithmetic(Frame frame) {
    this.frame = frame;
    cb = frame.cb;
  }

  /** Emits an instruction. */
  void emit(Insn insn, int word) {
    boolean wide = Fields.sf(word);
    int rd = Operands.target(Fields.rd(word));
    int rn = Operands.source(Fields.rn(word));
    int rm = Operands.source(Fields.rm(word));
    switch (insn) {
      case UBFM, SBFM, BFM -> bitfield(insn, word, rd, rn, wide);
      case EXTR -> extract(rd, rn, rm, Fields.imms(word), wide);
      case RBIT, REV16, REV32, REV64, CLZ, CLS -> oneSource(insn, rd, rn, wide);
      case LSLV, LSRV, ASRV, RORV -> variableShift(insn, rd, rn, rm, wide);
      case UDIV, SDIV -> divide(insn, rd, rn, rm, wide);
      default -> multiply(insn, word, rd, rn, rm, wide);
    }
  }

  private void bitfield(Insn insn, int word, int rd, int rn, boolean wide) {
    int immr = Fields.immr(word);
    int imms = Fields.imms(word);
    boolean extract = imms >= immr;
    int length = extract ? imms - immr + 1 : imms + 1;
    int to = extract ? 0 : (wide ? 64 : 32) - immr;
    long ones = length == 64 ? -1 : (1L << length) - 1;
    if (insn == Insn.BFM) {
      long mask = ones << to;
      frame.get(Operands.source(Fields.rd(word)));
      cb.loadConstant((wide ? -1 : 0xFFFF_FFFFL) & ~mask).land();
      frame.get(rn);
      shift(extract ? immr : -to);
      cb.loadConstant(mask).land().lor();
      frame.set(rd);
      return;
    }
    if (!wide) {
      bitfield32(insn == Insn.SBFM, rd, rn, immr, imms);
      return;
    }
    frame.get(rn);
    if (insn == Insn.SBFM) {
      cb.loadConstant(63 - imms).lshl().loadConstant(64 - length).lshr();
      shift(-to);
      frame.set(rd);
    } else {
      if (extract) {
        shift(immr);
        if (imms < 63) {
          cb.loadConstant(ones).land();
        }
      } else {
        cb.loadConstant(ones).land();
        shift(-to);
      }
      frame.set(rd);
    }
  }

  /** UBFM or SBFM of 32 bits. */
  private void bitfield32(boolean signed, int rd, int rn, int immr, int imms) {
    frame.getInt(rn);
    // The field's highest bit to the top, then down to where it goes.
    int up = 31 - imms;
    int down = imms >= immr ? up + immr : immr - imms - 1;
    if (up != 0) {
      cb.loadConstant(up).ishl();
    }
    if (down != 0 && signed) {
      cb.loadConstant(down).ishr();
    } else if (down != 0) {
      cb.loadConstant(down).iushr();
    }
    frame.setInt(rd);
  }

  /** Shifts right, or left by a negative amount. */
  private void shift(int amount) {
    if (amount > 0) {
      cb.loadConstant(amount).lushr();
    } else if (amount < 0) {
      cb.loadConstant(-amount).lshl();
    }
  }

  private void extract(int rd, int rn, int rm, int shift, boolean wide) {
    if (wide) {
      frame.get(rm);
      if (shift != 0) {
        cb.loadConstant(shift).lushr();
        frame.get(rn);
        cb.loadConstant(64 - shift).lshl().lor();
      }
    } else {
      frame.getInt(rm);
      if (rn == rm) {
        cb.loadConstant(shift);
        frame.rotate(false);
      } else if (shift != 0) {
        cb.loadConstant(shift).iushr();
        frame.getInt(rn);
        cb.loadConstant(32 - shift).ishl().ior();
      }
    }
    frame.pop(rd, wide);
  }

  private void oneSource(Insn insn, int rd, int rn, boolean wide) {
    frame.get(rn);
    switch (insn) {
      case RBIT -> {
        if (wide) {
          cb.invokestatic(LONG_CLASS, "reverse", ONE);
        } else {
          cb.l2i().invokestatic(INTEGER, "reverse", ONE_INT).i2l();
        }
      }
      case REV16 -> cb.dup2().loadConstant(8).lushr().loadConstant(0x00FF_00FF_00FF_00FFL).land().lstore(Frame.T1)
          .loadConstant(0x00FF_00FF_00FF_00FFL).land().loadConstant(8).lshl().lload(Frame.T1).lor();
      case REV32 -> {
        cb.invokestatic(LONG_CLASS, "reverseBytes", ONE);
        if (wide) {
          cb.loadConstant(32).invokestatic(LONG_CLASS, "rotateRight", ROTATE);
        } else {
          cb.loadConstant(32).lushr();
        }
      }
      case REV64 -> cb.invokestatic(LONG_CLASS, "reverseBytes", ONE);
      case CLZ -> {
        if (wide) {
          cb.invokestatic(LONG_CLASS, "numberOfLeadingZeros", COUNT).i2l();
        } else {
          cb.l2i().invokestatic(INTEGER, "numberOfLeadingZeros", ONE_INT).i2l();
        }
      }
      default -> {
        if (!wide) {
          cb.l2i().i2l();
        }
        cb.dup2().loadConstant(63).lshr().lxor().invokestatic(LONG_CLASS, "numberOfLeadingZeros", COUNT)
            .loadConstant(wide ? 1 : 33).isub().i2l();
      }
    }
    frame.set(rd, wide);
  }

  private void variableShift(Insn insn, int rd, int rn, int rm, boolean wide) {
    frame.push(rn, wide);
    frame.getInt(rm);
    switch (insn) {
      case LSLV -> frame.either(wide, CodeBuilder::lshl, CodeBuilder::ishl);
      case LSRV -> frame.either(wide, CodeBuilder::lushr, CodeBuilder::iushr);
      case ASRV -> frame.either(wide, CodeBuilder::lshr, CodeBuilder::ishr);
      default -> frame.rotate(wide);
    }
    frame.pop(rd, wide);
  }

  private void divide(Insn insn, int rd, int rn, int rm, boolean wide) {
    Label zero = cb.newLabel();
    Label done = cb.newLabel();
    frame.get(rm, wide, true);
    cb.lconst_0().lcmp().ifeq(zero);
    boolean signed = insn == Insn.SDIV;
    frame.get(rn, wide, signed);
    if (!wide && !signed) {
      frame.narrow(false);
    }
    frame.get(rm, wide, signed);
    if (!wide && !signed) {
      frame.narrow(false);
    }
    if (signed || !wide) {
      cb.ldiv();
    } else {
      cb.invokestatic(LONG_CLASS, "divideUnsigned", TWO);
    }
    cb.goto_(done).labelBinding(zero).lconst_0().labelBinding(done);
    frame.set(rd, wide);
  }

  private void multiply(Insn insn, int word, int rd, int rn, int rm, boolean wide) {
    int ra = Operands.source(Fields.ra(word));
    switch (insn) {
      case SMULH, UMULH -> {
        frame.get(rn);
        frame.get(rm);
        cb.invokestatic(MATH, insn == Insn.SMULH ? "multiplyHigh" : "unsignedMultiplyHigh", TWO);
        frame.set(rd);
        return;
      }
      case MADD, MSUB -> {
        frame.push(ra, wide);
        frame.push(rn, wide);
        frame.push(rm, wide);
        frame.either(wide, CodeBuilder::lmul, CodeBuilder::imul);
        if (insn == Insn.MADD) {
          frame.either(wide, CodeBuilder::ladd, CodeBuilder::iadd);
        } else {
          frame.either(wide, CodeBuilder::lsub, CodeBuilder::isub);
        }
        frame.pop(rd, wide);
        return;
      }
      default -> frame.get(ra);
    }
    switch (insn) {
      case SMADDL, SMSUBL -> {
        frame.get32(rn, true);
        frame.get32(rm, true);
      }
      default -> {
        frame.get(rn);
        frame.narrow(false);
        frame.get(rm);
        frame.narrow(false);
      }
    }
    cb.lmul();
    if (insn == Insn.SMSUBL || insn == Insn.UMSUBL) {
      cb.lsub();
    } else {
      cb.ladd();
    }
    frame.set(rd);
  }
}
