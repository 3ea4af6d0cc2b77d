package org.xenolith.cpu.regions;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import org.xenolith.a64.isa.Fields;
import org.xenolith.a64.isa.Insn;

/** Code of instructions on general registers. Results are stored as the last step. */
final class Arithmetic {
  private static final ClassDesc LONG = ConstantDescs.CD_long;
  private static final ClassDesc INT = ConstantDescs.CD_int;
  private static final ClassDesc LONG_CLASS = ClassDesc.of("java.lang.Long");
  private static final ClassDesc INTEGER = ClassDesc.of("java.lang.Integer");
  private static final ClassDesc MATH = ClassDesc.of("java.lang.Math");
  private static final MethodTypeDesc TWO = MethodTypeDesc.of(LONG, LONG, LONG);
  private static final MethodTypeDesc ONE = MethodTypeDesc.of(LONG, LONG);
  private static final MethodTypeDesc ONE_INT = MethodTypeDesc.of(INT, INT);
  private static final MethodTypeDesc ROTATE = MethodTypeDesc.of(LONG, LONG, INT);
  private static final MethodTypeDesc ROTATE_INT = MethodTypeDesc.of(INT, INT, INT);
  private static final MethodTypeDesc COUNT = MethodTypeDesc.of(INT, LONG);
  private static final MethodTypeDesc WITH_CARRY = MethodTypeDesc.of(LONG, LONG, LONG, INT, ConstantDescs.CD_boolean);

  private final Frame frame;
  private final Conditions conditions;
  private final CodeBuilder cb;

  Arithmetic(Frame frame, Conditions conditions) {
    this.frame = frame;
    this.conditions = conditions;
    cb = frame.cb;
  }

  /** Emits an instruction of the groups DP_IMM and DP_REG that {@link Translated} covers. */
  void emit(Insn insn, int word, int off) {
    boolean wide = Fields.sf(word);
    int rd = Operands.target(Fields.rd(word));
    int rdSp = Fields.rd(word);
    int rn = Operands.source(Fields.rn(word));
    int rnSp = Fields.rn(word);
    int rm = Operands.source(Fields.rm(word));
    switch (insn) {
      case ADR -> relative(rd, off + Fields.adrImmediate(word));
      case ADRP -> relative(rd, Fields.adrImmediate(word) << 12);
      case ADD_IMM -> immediate(rdSp, rnSp, Fields.addImmediate(word), wide);
      case SUB_IMM -> immediate(rdSp, rnSp, -(long) Fields.addImmediate(word), wide);
      case ADDS_IMM, SUBS_IMM -> {
        frame.get(rnSp, wide, true);
        cb.loadConstant((long) Fields.addImmediate(word));
        sum(insn == Insn.SUBS_IMM, true, rd, wide);
      }
      case AND_IMM, ORR_IMM, EOR_IMM, ANDS_IMM -> {
        frame.get(rn);
        cb.loadConstant(Fields.logicalImmediate(word));
        logical(insn, insn == Insn.ANDS_IMM ? rd : rdSp, wide);
      }
      case MOVZ -> constant(rd, (long) Fields.imm16(word) << Fields.moveWideShift(word));
      case MOVN -> {
        long value = ~((long) Fields.imm16(word) << Fields.moveWideShift(word));
        constant(rd, wide ? value : value & 0xFFFF_FFFFL);
      }
      case MOVK -> {
        long mask = ~(0xFFFFL << Fields.moveWideShift(word));
        frame.get(Operands.source(Fields.rd(word)));
        cb.loadConstant(wide ? mask : mask & 0xFFFF_FFFFL).land();
        cb.loadConstant((long) Fields.imm16(word) << Fields.moveWideShift(word)).lor();
        frame.set(rd);
      }
      case UBFM, SBFM, BFM -> bitfield(insn, word, rd, rn, wide);
      case EXTR -> extract(rd, rn, rm, Fields.imms(word), wide);
      case AND_SHIFTED, BIC_SHIFTED, ORR_SHIFTED, ORN_SHIFTED, EOR_SHIFTED, EON_SHIFTED, ANDS_SHIFTED, BICS_SHIFTED -> {
        frame.get(rn);
        shifted(rm, Fields.shift(word), Fields.imms(word), wide);
        logical(insn, rd, wide);
      }
      case ADD_SHIFTED, SUB_SHIFTED, ADDS_SHIFTED, SUBS_SHIFTED -> {
        boolean flags = insn == Insn.ADDS_SHIFTED || insn == Insn.SUBS_SHIFTED;
        frame.get(rn, wide, flags);
        shifted(rm, Fields.shift(word), Fields.imms(word), wide);
        signed(flags && !wide);
        sum(insn == Insn.SUB_SHIFTED || insn == Insn.SUBS_SHIFTED, flags, rd, wide);
      }
      case ADD_EXTENDED, SUB_EXTENDED, ADDS_EXTENDED, SUBS_EXTENDED -> {
        boolean flags = insn == Insn.ADDS_EXTENDED || insn == Insn.SUBS_EXTENDED;
        frame.get(rnSp, wide, flags);
        extended(rm, Fields.option(word), Fields.imm3(word));
        signed(flags && !wide);
        sum(insn == Insn.SUB_EXTENDED || insn == Insn.SUBS_EXTENDED, flags, flags ? rd : rdSp, wide);
      }
      case ADC, ADCS, SBC, SBCS -> withCarry(insn, rd, rn, rm, wide);
      case CCMN_REG, CCMP_REG, CCMN_IMM, CCMP_IMM -> compare(insn, word, rn, rm, wide);
      case CSEL, CSINC, CSINV, CSNEG -> select(insn, word, rd, rn, rm, wide);
      case RBIT, REV16, REV32, REV64, CLZ, CLS -> oneSource(insn, rd, rn, wide);
      case LSLV, LSRV, ASRV, RORV -> variableShift(insn, rd, rn, rm, wide);
      case UDIV, SDIV -> divide(insn, rd, rn, rm, wide);
      default -> multiply(insn, word, rd, rn, rm, wide);
    }
  }

  private void relative(int rd, long offset) {
    cb.lload(Frame.PAGE).loadConstant(offset).ladd();
    frame.set(rd);
  }

  private void constant(int rd, long value) {
    cb.loadConstant(value);
    frame.set(rd);
  }

  private void immediate(int rd, int rn, long value, boolean wide) {
    frame.get(rn);
    if (value != 0) {
      cb.loadConstant(value).ladd();
    }
    frame.set(rd, wide);
  }

  private void signed(boolean narrow) {
    if (narrow) {
      cb.l2i().i2l();
    }
  }

  /** Operands are on the stack; where flags are set they are sign-extended. */
  private void sum(boolean subtract, boolean flags, int rd, boolean wide) {
    if (flags) {
      conditions.set(subtract ? wide ? Flags.SUB64 : Flags.SUB32 : wide ? Flags.ADD64 : Flags.ADD32);
      cb.lload(Frame.A).lload(Frame.B);
    }
    if (subtract) {
      cb.lsub();
    } else {
      cb.ladd();
    }
    frame.set(rd, wide);
  }

  private void logical(Insn insn, int rd, boolean wide) {
    switch (insn) {
      case BIC_SHIFTED, ORN_SHIFTED, EON_SHIFTED, BICS_SHIFTED -> cb.loadConstant(-1L).lxor();
      default -> { }
    }
    switch (insn) {
      case ORR_IMM, ORR_SHIFTED, ORN_SHIFTED -> cb.lor();
      case EOR_IMM, EOR_SHIFTED, EON_SHIFTED -> cb.lxor();
      default -> cb.land();
    }
    switch (insn) {
      case ANDS_IMM, ANDS_SHIFTED, BICS_SHIFTED -> {
        signed(!wide);
        cb.dup2();
        conditions.setOne(Flags.LOGIC);
      }
      default -> { }
    }
    frame.set(rd, wide);
  }

  /** Pushes a shifted register; of 32 bits the upper half may be anything. */
  private void shifted(int rm, int kind, int amount, boolean wide) {
    frame.get(rm);
    if (amount == 0) {
      return;
    }
    switch (kind) {
      case 0 -> cb.loadConstant(amount).lshl();
      case 1 -> {
        frame.narrow(wide);
        cb.loadConstant(amount).lushr();
      }
      case 2 -> {
        signed(!wide);
        cb.loadConstant(amount).lshr();
      }
      default -> {
        if (wide) {
          cb.loadConstant(amount).invokestatic(LONG_CLASS, "rotateRight", ROTATE);
        } else {
          cb.l2i().loadConstant(amount).invokestatic(INTEGER, "rotateRight", ROTATE_INT).i2l();
        }
      }
    }
  }

  /** Pushes an extended register, shifted left. */
  void extended(int rm, int option, int shift) {
    frame.get(rm);
    switch (option) {
      case 0 -> cb.loadConstant(0xFFL).land();
      case 1 -> cb.loadConstant(0xFFFFL).land();
      case 2 -> cb.loadConstant(0xFFFF_FFFFL).land();
      case 4 -> cb.l2i().i2b().i2l();
      case 5 -> cb.l2i().i2s().i2l();
      case 6 -> cb.l2i().i2l();
      default -> { }
    }
    if (shift != 0) {
      cb.loadConstant(shift).lshl();
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
    frame.get(rn);
    if (insn == Insn.SBFM) {
      cb.loadConstant(63 - imms).lshl().loadConstant(64 - length).lshr();
      shift(-to);
      frame.set(rd, wide);
    } else {
      if (extract) {
        shift(immr);
        if (length < 64 && (!wide || imms < 63)) {
          cb.loadConstant(ones).land();
        }
      } else {
        cb.loadConstant(ones).land();
        shift(-to);
      }
      frame.set(rd);
    }
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
      frame.get(rn);
      cb.loadConstant(32).lshl();
      frame.get(rm);
      cb.loadConstant(0xFFFF_FFFFL).land().lor().loadConstant(shift).lushr();
    }
    frame.set(rd, wide);
  }

  private void withCarry(Insn insn, int rd, int rn, int rm, boolean wide) {
    boolean flags = insn == Insn.ADCS || insn == Insn.SBCS;
    frame.get(rn, wide, true);
    cb.lstore(Frame.T1);
    frame.get(rm, wide, true);
    if (insn == Insn.SBC || insn == Insn.SBCS) {
      cb.loadConstant(-1L).lxor();
    }
    cb.lstore(Frame.T2);
    conditions.carry();
    cb.istore(Frame.WAY);
    if (flags) {
      cb.lload(Frame.T1).lload(Frame.T2).iload(Frame.WAY).loadConstant(wide ? 1 : 0)
          .invokestatic(Frame.FLAGS, "withCarry", WITH_CARRY);
      conditions.setOne(Flags.PACKED);
    }
    cb.lload(Frame.T1).lload(Frame.T2).ladd().iload(Frame.WAY).i2l().ladd();
    frame.set(rd, wide);
  }

  private void compare(Insn insn, int word, int rn, int rm, boolean wide) {
    Label holds = cb.newLabel();
    Label done = cb.newLabel();
    conditions.branch(Fields.cond(word), holds);
    cb.loadConstant((long) (Fields.nzcv(word) << 28));
    conditions.setOne(Flags.PACKED);
    cb.goto_(done).labelBinding(holds);
    frame.get(rn, wide, true);
    if (insn == Insn.CCMN_IMM || insn == Insn.CCMP_IMM) {
      cb.loadConstant((long) Fields.rm(word));
    } else {
      frame.get(rm, wide, true);
    }
    boolean subtract = insn == Insn.CCMP_REG || insn == Insn.CCMP_IMM;
    conditions.set(subtract ? wide ? Flags.SUB64 : Flags.SUB32 : wide ? Flags.ADD64 : Flags.ADD32);
    cb.labelBinding(done);
    conditions.known(Flags.UNKNOWN);
  }

  private void select(Insn insn, int word, int rd, int rn, int rm, boolean wide) {
    Label holds = cb.newLabel();
    Label done = cb.newLabel();
    conditions.branch(Fields.cond(word), holds);
    frame.get(rm);
    switch (insn) {
      case CSINC -> cb.lconst_1().ladd();
      case CSINV -> cb.loadConstant(-1L).lxor();
      case CSNEG -> cb.lneg();
      default -> { }
    }
    cb.goto_(done).labelBinding(holds);
    frame.get(rn);
    cb.labelBinding(done);
    frame.set(rd, wide);
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
        signed(!wide);
        cb.dup2().loadConstant(63).lshr().lxor().invokestatic(LONG_CLASS, "numberOfLeadingZeros", COUNT)
            .loadConstant(wide ? 1 : 33).isub().i2l();
      }
    }
    frame.set(rd, wide);
  }

  private void variableShift(Insn insn, int rd, int rn, int rm, boolean wide) {
    frame.get(rn);
    if (!wide) {
      cb.l2i();
    }
    frame.get(rm);
    cb.l2i();
    switch (insn) {
      case LSLV -> shift(wide, CodeBuilder::lshl, CodeBuilder::ishl);
      case LSRV -> shift(wide, CodeBuilder::lushr, CodeBuilder::iushr);
      case ASRV -> shift(wide, CodeBuilder::lshr, CodeBuilder::ishr);
      default -> {
        if (wide) {
          cb.invokestatic(LONG_CLASS, "rotateRight", ROTATE);
        } else {
          cb.invokestatic(INTEGER, "rotateRight", ROTATE_INT).i2l();
        }
      }
    }
    frame.set(rd, wide);
  }

  private interface Shift {
    CodeBuilder emit(CodeBuilder builder);
  }

  private void shift(boolean wide, Shift of64, Shift of32) {
    if (wide) {
      of64.emit(cb);
    } else {
      of32.emit(cb);
      cb.i2l();
    }
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
      default -> frame.get(ra);
    }
    switch (insn) {
      case SMADDL, SMSUBL -> {
        frame.get32(rn, true);
        frame.get32(rm, true);
      }
      case UMADDL, UMSUBL -> {
        frame.get(rn);
        frame.narrow(false);
        frame.get(rm);
        frame.narrow(false);
      }
      default -> {
        frame.get(rn);
        frame.get(rm);
      }
    }
    cb.lmul();
    if (insn == Insn.MSUB || insn == Insn.SMSUBL || insn == Insn.UMSUBL) {
      cb.lsub();
    } else {
      cb.ladd();
    }
    frame.set(rd, wide);
  }
}
