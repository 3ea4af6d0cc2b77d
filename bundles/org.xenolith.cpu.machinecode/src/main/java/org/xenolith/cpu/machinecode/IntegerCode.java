// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.machinecode;

import org.xenolith.a64.isa.Fields;
import org.xenolith.a64.isa.Insn;
import org.xenolith.cpu.arch.Cpu;

/** Code of additions, logical operations, moves and conditional instructions. Source: Arm ARM DDI 0487, C6.2. */
final class IntegerCode {
  private final X64 code;
  private final GuestRegisters registers;
  private final FlagCode flags;

  IntegerCode(X64 code, GuestRegisters registers, FlagCode flags) {
    this.code = code;
    this.registers = registers;
    this.flags = flags;
  }

  /** Adds what there is code for. */
  void addTo(CodeTable table) {
    table.put(Insn.ADD_IMM, (word, _) -> addConstant(Fields.sf(word), word, Fields.addImmediate(word)));
    table.put(Insn.SUB_IMM, (word, _) -> addConstant(Fields.sf(word), word, -Fields.addImmediate(word)));
    table.put(Insn.ADDS_IMM, (word, _) -> setConstant(X64.ADD, Fields.sf(word), word, Fields.addImmediate(word)));
    table.put(Insn.SUBS_IMM, (word, _) -> setConstant(X64.SUB, Fields.sf(word), word, Fields.addImmediate(word)));
    table.put(Insn.AND_IMM, (word, _) -> logicalConstant(X64.AND, false, Fields.sf(word), word));
    table.put(Insn.ORR_IMM, (word, _) -> logicalConstant(X64.OR, false, Fields.sf(word), word));
    table.put(Insn.EOR_IMM, (word, _) -> logicalConstant(X64.XOR, false, Fields.sf(word), word));
    table.put(Insn.ANDS_IMM, (word, _) -> logicalConstant(X64.AND, true, Fields.sf(word), word));
    table.put(Insn.AND_SHIFTED, (word, _) -> logical(X64.AND, false, false, Fields.sf(word), word));
    table.put(Insn.BIC_SHIFTED, (word, _) -> logical(X64.AND, true, false, Fields.sf(word), word));
    table.put(Insn.ORR_SHIFTED, (word, _) -> logical(X64.OR, false, false, Fields.sf(word), word));
    table.put(Insn.ORN_SHIFTED, (word, _) -> logical(X64.OR, true, false, Fields.sf(word), word));
    table.put(Insn.EOR_SHIFTED, (word, _) -> logical(X64.XOR, false, false, Fields.sf(word), word));
    table.put(Insn.EON_SHIFTED, (word, _) -> logical(X64.XOR, true, false, Fields.sf(word), word));
    table.put(Insn.ANDS_SHIFTED, (word, _) -> logical(X64.AND, false, true, Fields.sf(word), word));
    table.put(Insn.BICS_SHIFTED, (word, _) -> logical(X64.AND, true, true, Fields.sf(word), word));
    table.put(Insn.ADD_SHIFTED, (word, _) -> shifted(X64.ADD, false, Fields.sf(word), word));
    table.put(Insn.ADDS_SHIFTED, (word, _) -> shifted(X64.ADD, true, Fields.sf(word), word));
    table.put(Insn.SUB_SHIFTED, (word, _) -> shifted(X64.SUB, false, Fields.sf(word), word));
    table.put(Insn.SUBS_SHIFTED, (word, _) -> shifted(X64.SUB, true, Fields.sf(word), word));
    table.put(Insn.ADD_EXTENDED, (word, _) -> extended(X64.ADD, false, Fields.sf(word), word));
    table.put(Insn.ADDS_EXTENDED, (word, _) -> extended(X64.ADD, true, Fields.sf(word), word));
    table.put(Insn.SUB_EXTENDED, (word, _) -> extended(X64.SUB, false, Fields.sf(word), word));
    table.put(Insn.SUBS_EXTENDED, (word, _) -> extended(X64.SUB, true, Fields.sf(word), word));
    table.put(Insn.ADC, (word, _) -> withCarry(X64.ADC, false, Fields.sf(word), word));
    table.put(Insn.ADCS, (word, _) -> withCarry(X64.ADC, true, Fields.sf(word), word));
    table.put(Insn.SBC, (word, _) -> withCarry(X64.SBB, false, Fields.sf(word), word));
    table.put(Insn.SBCS, (word, _) -> withCarry(X64.SBB, true, Fields.sf(word), word));
    table.put(Insn.CCMN_REG, (word, _) -> compareIf(X64.ADD, false, Fields.sf(word), word));
    table.put(Insn.CCMP_REG, (word, _) -> compareIf(X64.CMP, false, Fields.sf(word), word));
    table.put(Insn.CCMN_IMM, (word, _) -> compareIf(X64.ADD, true, Fields.sf(word), word));
    table.put(Insn.CCMP_IMM, (word, _) -> compareIf(X64.CMP, true, Fields.sf(word), word));
    table.put(Insn.CSEL, (word, _) -> select(false, false, Fields.sf(word), word));
    table.put(Insn.CSINC, (word, _) -> select(false, true, Fields.sf(word), word));
    table.put(Insn.CSINV, (word, _) -> select(true, false, Fields.sf(word), word));
    table.put(Insn.CSNEG, (word, _) -> select(true, true, Fields.sf(word), word));
  }

  private void addConstant(boolean wide, int word, int value) {
    int to = registers.target(Fields.rd(word));
    code.address(wide, to, registers.source(Fields.rn(word), X64.RAX), value);
    registers.set(Fields.rd(word), to);
    flags.keep();
  }

  private void setConstant(int op, boolean wide, int word, int value) {
    int rd = GuestRegisters.orZero(Fields.rd(word));
    if (rd == Cpu.ZERO && op == X64.SUB) {
      code.arithmeticConstant(X64.CMP, wide, registers.source(Fields.rn(word), X64.RAX), value);
    } else {
      int to = registers.target(rd);
      registers.load(wide, to, Fields.rn(word));
      code.arithmeticConstant(op, wide, to, value);
      registers.set(rd, to);
    }
    sum(op);
  }

  private void sum(int op) {
    if (op == X64.ADD || op == X64.ADC) {
      flags.added();
    } else {
      flags.subtracted();
    }
  }

  private void logicalConstant(int op, boolean set, boolean wide, int word) {
    int rd = set ? GuestRegisters.orZero(Fields.rd(word)) : Fields.rd(word);
    int rn = GuestRegisters.orZero(Fields.rn(word));
    long mask = Fields.logicalImmediate(word);
    int to = registers.target(rd);
    if (rn == Cpu.ZERO && op != X64.AND) {
      code.constant(to, wide ? mask : mask & 0xFFFF_FFFFL);
      registers.set(rd, to);
      flags.keep();
      return;
    }
    boolean small = wide ? mask == (int) mask : true;
    if (!small) {
      code.constant(X64.RCX, mask);
    }
    registers.load(wide, to, rn);
    if (small) {
      code.arithmeticConstant(op, wide, to, (int) mask);
    } else {
      code.arithmetic(op, true, to, X64.RCX);
    }
    registers.set(rd, to);
    if (set) {
      flags.combined();
    }
  }

  /** Has a shifted register in RCX. */
  private void shiftedIntoCx(boolean wide, int word) {
    registers.load(wide, X64.RCX, GuestRegisters.orZero(Fields.rm(word)));
    int amount = Fields.imms(word);
    if (amount != 0) {
      code.shift(switch (Fields.shift(word)) {
        case 0 -> X64.SHL;
        case 1 -> X64.SHR;
        case 2 -> X64.SAR;
        default -> X64.ROR;
      }, wide, X64.RCX, amount);
    }
  }

  private void logical(int op, boolean inverted, boolean set, boolean wide, int word) {
    int rd = GuestRegisters.orZero(Fields.rd(word));
    int rn = GuestRegisters.orZero(Fields.rn(word));
    int rm = GuestRegisters.orZero(Fields.rm(word));
    if (op == X64.OR && rn == Cpu.ZERO && !inverted && Fields.imms(word) == 0) {
      int to = registers.target(rd);
      registers.copy(wide, to, rm);
      registers.set(rd, to);
      flags.keep();
      return;
    }
    if (!inverted && Fields.imms(word) == 0) {
      if (set && rd == Cpu.ZERO) {
        code.test(wide, registers.source(rn, X64.RAX), registers.source(rm, X64.RCX));
      } else {
        binary(op, wide, rd, rn, rm);
      }
    } else {
      shiftedIntoCx(wide, word);
      if (inverted) {
        code.group3(X64.NOT, wide, X64.RCX);
      }
      withCx(op, wide, rd, rn);
    }
    if (set) {
      flags.combined();
    }
  }

  /** rd becomes rn with RCX. */
  private void withCx(int op, boolean wide, int rd, int rn) {
    int to = registers.target(rd);
    registers.load(wide, to, rn);
    code.arithmetic(op, wide, to, X64.RCX);
    registers.set(rd, to);
  }

  private void binary(int op, boolean wide, int rd, int rn, int rm) {
    int to = registers.target(rd);
    boolean holdsSecond = rm != Cpu.ZERO && registers.host(rm) == to;
    if (holdsSecond && registers.host(rn) != to) {
      if (op == X64.SUB) {
        registers.load(wide, X64.RAX, rn);
        registers.apply(op, wide, X64.RAX, rm);
        registers.set(rd, X64.RAX);
      } else {
        registers.apply(op, wide, to, rn);
      }
      return;
    }
    registers.load(wide, to, rn);
    registers.apply(op, wide, to, rm);
    registers.set(rd, to);
  }

  private void shifted(int op, boolean set, boolean wide, int word) {
    int rd = GuestRegisters.orZero(Fields.rd(word));
    int rn = GuestRegisters.orZero(Fields.rn(word));
    int rm = GuestRegisters.orZero(Fields.rm(word));
    if (Fields.imms(word) != 0) {
      shiftedIntoCx(wide, word);
      sumWithCx(op, set, wide, rd, rn);
      return;
    }
    if (set && rd == Cpu.ZERO && op == X64.SUB) {
      int one = registers.source(rn, X64.RAX);
      registers.apply(X64.CMP, wide, one, rm);
    } else {
      binary(op, wide, rd, rn, rm);
    }
    if (set) {
      sum(op);
    }
  }

  private void sumWithCx(int op, boolean set, boolean wide, int rd, int rn) {
    if (set && rd == Cpu.ZERO && op == X64.SUB) {
      code.arithmetic(X64.CMP, wide, registers.source(rn, X64.RAX), X64.RCX);
    } else {
      withCx(op, wide, rd, rn);
    }
    if (set) {
      sum(op);
    }
  }

  private void extended(int op, boolean set, boolean wide, int word) {
    extendIntoCx(Fields.option(word), GuestRegisters.orZero(Fields.rm(word)));
    if (Fields.imm3(word) != 0) {
      code.shift(X64.SHL, true, X64.RCX, Fields.imm3(word));
    }
    sumWithCx(op, set, wide, set ? GuestRegisters.orZero(Fields.rd(word)) : Fields.rd(word), Fields.rn(word));
  }

  /** Has an extended register in RCX. */
  void extendIntoCx(int option, int register) {
    switch (option) {
      case 0 -> code.zeroExtend(8, X64.RCX, registers.source(register, X64.RCX));
      case 1 -> code.zeroExtend(16, X64.RCX, registers.source(register, X64.RCX));
      case 2 -> registers.copy(false, X64.RCX, register);
      case 4 -> code.signExtend(true, 8, X64.RCX, registers.source(register, X64.RCX));
      case 5 -> code.signExtend(true, 16, X64.RCX, registers.source(register, X64.RCX));
      case 6 -> code.signExtend(true, 32, X64.RCX, registers.source(register, X64.RCX));
      default -> registers.load(true, X64.RCX, register);
    }
  }

  private void withCarry(int op, boolean set, boolean wide, int word) {
    int rd = GuestRegisters.orZero(Fields.rd(word));
    flags.restore();
    if (op == X64.ADC) {
      code.complementCarry();
    }
    registers.load(wide, X64.RAX, GuestRegisters.orZero(Fields.rn(word)));
    registers.load(wide, X64.RCX, GuestRegisters.orZero(Fields.rm(word)));
    code.arithmetic(op, wide, X64.RAX, X64.RCX);
    registers.set(rd, X64.RAX);
    if (set) {
      sum(op);
    }
  }

  private void compareIf(int op, boolean constant, boolean wide, int word) {
    int condition = Fields.cond(word);
    int otherwise = -1;
    if (FlagCode.conditional(condition)) {
      otherwise = code.jumpShortIf(flags.condition(condition) ^ 1);
    }
    registers.load(wide, X64.RAX, GuestRegisters.orZero(Fields.rn(word)));
    if (constant) {
      code.arithmeticConstant(op, wide, X64.RAX, Fields.rm(word));
    } else {
      registers.apply(op, wide, X64.RAX, GuestRegisters.orZero(Fields.rm(word)));
    }
    if (op == X64.ADD) {
      code.complementCarry();
    }
    code.flagsIntoAx();
    if (otherwise >= 0) {
      int done = code.jumpShort();
      code.patchShort(otherwise);
      code.constant(X64.RAX, FlagCode.packed(Fields.nzcv(word) << 28));
      code.patchShort(done);
    }
    flags.saveAx();
    // Both ways meet here: only AX has the flags of both.
    code.flagsFromAx();
  }

  private void select(boolean inverted, boolean plusOne, boolean wide, int word) {
    int rd = GuestRegisters.orZero(Fields.rd(word));
    int rn = GuestRegisters.orZero(Fields.rn(word));
    int rm = GuestRegisters.orZero(Fields.rm(word));
    if (!FlagCode.conditional(Fields.cond(word))) {
      int to = registers.target(rd);
      registers.copy(wide, to, rn);
      registers.set(rd, to);
      flags.keep();
      return;
    }
    int condition = flags.condition(Fields.cond(word));
    registers.load(wide, X64.RAX, rm);
    if (inverted) {
      code.group3(X64.NOT, wide, X64.RAX);
    }
    if (plusOne) {
      code.address(wide, X64.RAX, X64.RAX, 1);
    }
    code.moveIf(condition, wide, X64.RAX, registers.source(rn, X64.RCX));
    registers.set(rd, X64.RAX);
    flags.keep();
  }
}
