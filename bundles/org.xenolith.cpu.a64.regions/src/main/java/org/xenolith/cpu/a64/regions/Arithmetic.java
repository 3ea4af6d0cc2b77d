// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.a64.regions;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import org.xenolith.a64.isa.Fields;
import org.xenolith.a64.isa.Insn;

/** Code of moves, sums, logic and conditional operations on general registers. Results are stored as the last step. */
final class Arithmetic {
  private static final ClassDesc LONG = ConstantDescs.CD_long;
  private static final ClassDesc INT = ConstantDescs.CD_int;
  private static final MethodTypeDesc WITH_CARRY = MethodTypeDesc.of(LONG, LONG, LONG, INT, ConstantDescs.CD_boolean);

  private final Frame frame;
  private final Conditions conditions;
  private final CodeBuilder cb;
  private final BitArithmetic bits;

  Arithmetic(Frame frame, Conditions conditions) {
    this.frame = frame;
    this.conditions = conditions;
    cb = frame.cb;
    bits = new BitArithmetic(frame);
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
        frame.push(rnSp, wide);
        constant(Fields.addImmediate(word), wide);
        sum(insn == Insn.SUBS_IMM, true, rd, wide);
      }
      case AND_IMM, ORR_IMM, EOR_IMM, ANDS_IMM -> {
        frame.push(rn, wide);
        constant(Fields.logicalImmediate(word), wide);
        logical(insn, insn == Insn.ANDS_IMM ? rd : rdSp, wide);
      }
      case MOVZ -> move(rd, (long) Fields.imm16(word) << Fields.moveWideShift(word));
      case MOVN -> {
        long value = ~((long) Fields.imm16(word) << Fields.moveWideShift(word));
        move(rd, wide ? value : value & 0xFFFF_FFFFL);
      }
      case MOVK -> {
        long mask = ~(0xFFFFL << Fields.moveWideShift(word));
        frame.get(Operands.source(Fields.rd(word)));
        cb.loadConstant(wide ? mask : mask & 0xFFFF_FFFFL).land();
        cb.loadConstant((long) Fields.imm16(word) << Fields.moveWideShift(word)).lor();
        frame.set(rd);
      }
      case AND_SHIFTED, BIC_SHIFTED, ORR_SHIFTED, ORN_SHIFTED, EOR_SHIFTED, EON_SHIFTED, ANDS_SHIFTED, BICS_SHIFTED -> {
        frame.push(rn, wide);
        shifted(rm, Fields.shift(word), Fields.imms(word), wide);
        logical(insn, rd, wide);
      }
      case ADD_SHIFTED, SUB_SHIFTED, ADDS_SHIFTED, SUBS_SHIFTED -> {
        boolean flags = insn == Insn.ADDS_SHIFTED || insn == Insn.SUBS_SHIFTED;
        frame.push(rn, wide);
        shifted(rm, Fields.shift(word), Fields.imms(word), wide);
        sum(insn == Insn.SUB_SHIFTED || insn == Insn.SUBS_SHIFTED, flags, rd, wide);
      }
      case ADD_EXTENDED, SUB_EXTENDED, ADDS_EXTENDED, SUBS_EXTENDED -> {
        boolean flags = insn == Insn.ADDS_EXTENDED || insn == Insn.SUBS_EXTENDED;
        frame.push(rnSp, wide);
        extended(rm, Fields.option(word), Fields.imm3(word));
        if (!wide) {
          cb.l2i();
        }
        sum(insn == Insn.SUB_EXTENDED || insn == Insn.SUBS_EXTENDED, flags, flags ? rd : rdSp, wide);
      }
      case ADC, ADCS, SBC, SBCS -> withCarry(insn, rd, rn, rm, wide);
      case CCMN_REG, CCMP_REG, CCMN_IMM, CCMP_IMM -> compare(insn, word, rn, rm, wide);
      case CSEL, CSINC, CSINV, CSNEG -> select(insn, word, rd, rn, rm, wide);
      default -> bits.emit(insn, word);
    }
  }

  private void relative(int rd, long offset) {
    cb.lload(Frame.PAGE).loadConstant(offset).ladd();
    frame.set(rd);
  }

  private void move(int rd, long value) {
    cb.loadConstant(value);
    frame.set(rd);
  }

  private void constant(long value, boolean wide) {
    if (wide) {
      cb.loadConstant(value);
    } else {
      cb.loadConstant((int) value);
    }
  }

  private void immediate(int rd, int rn, long value, boolean wide) {
    frame.push(rn, wide);
    if (value != 0) {
      constant(value, wide);
      frame.either(wide, CodeBuilder::ladd, CodeBuilder::iadd);
    }
    frame.pop(rd, wide);
  }

  private void signed(boolean narrow) {
    if (narrow) {
      cb.l2i().i2l();
    }
  }

  /** Operands are on the stack, as longs or ints. */
  private void sum(boolean subtract, boolean flags, int rd, boolean wide) {
    if (flags && wide) {
      conditions.set(subtract ? Flags.SUB64 : Flags.ADD64);
      cb.lload(Frame.A).lload(Frame.B);
    } else if (flags) {
      // Under the second operand the first one can't be reached: it goes by way of a local.
      cb.i2l().lstore(Frame.B).i2l().lstore(Frame.A);
      conditions.marked(subtract ? Flags.SUB32 : Flags.ADD32);
      cb.lload(Frame.A).l2i().lload(Frame.B).l2i();
    }
    if (subtract) {
      frame.either(wide, CodeBuilder::lsub, CodeBuilder::isub);
    } else {
      frame.either(wide, CodeBuilder::ladd, CodeBuilder::iadd);
    }
    frame.pop(rd, wide);
  }

  private void logical(Insn insn, int rd, boolean wide) {
    switch (insn) {
      case BIC_SHIFTED, ORN_SHIFTED, EON_SHIFTED, BICS_SHIFTED -> {
        constant(-1, wide);
        frame.either(wide, CodeBuilder::lxor, CodeBuilder::ixor);
      }
      default -> {
      }
    }
    switch (insn) {
      case ORR_IMM, ORR_SHIFTED, ORN_SHIFTED -> frame.either(wide, CodeBuilder::lor, CodeBuilder::ior);
      case EOR_IMM, EOR_SHIFTED, EON_SHIFTED -> frame.either(wide, CodeBuilder::lxor, CodeBuilder::ixor);
      default -> frame.either(wide, CodeBuilder::land, CodeBuilder::iand);
    }
    switch (insn) {
      case ANDS_IMM, ANDS_SHIFTED, BICS_SHIFTED -> {
        if (wide) {
          cb.dup2();
        } else {
          cb.dup().i2l();
        }
        conditions.setOne(Flags.LOGIC);
      }
      default -> {
      }
    }
    frame.pop(rd, wide);
  }

  /** Pushes a shifted register, as a long or int. */
  private void shifted(int rm, int kind, int amount, boolean wide) {
    frame.push(rm, wide);
    if (amount == 0) {
      return;
    }
    cb.loadConstant(amount);
    switch (kind) {
      case 0 -> frame.either(wide, CodeBuilder::lshl, CodeBuilder::ishl);
      case 1 -> frame.either(wide, CodeBuilder::lushr, CodeBuilder::iushr);
      case 2 -> frame.either(wide, CodeBuilder::lshr, CodeBuilder::ishr);
      default -> frame.rotate(wide);
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
      default -> {
      }
    }
    if (shift != 0) {
      cb.loadConstant(shift).lshl();
    }
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
    frame.push(rm, wide);
    switch (insn) {
      case CSINC -> {
        constant(1, wide);
        frame.either(wide, CodeBuilder::ladd, CodeBuilder::iadd);
      }
      case CSINV -> {
        constant(-1, wide);
        frame.either(wide, CodeBuilder::lxor, CodeBuilder::ixor);
      }
      case CSNEG -> frame.either(wide, CodeBuilder::lneg, CodeBuilder::ineg);
      default -> {
      }
    }
    cb.goto_(done).labelBinding(holds);
    frame.push(rn, wide);
    cb.labelBinding(done);
    frame.pop(rd, wide);
  }

}
