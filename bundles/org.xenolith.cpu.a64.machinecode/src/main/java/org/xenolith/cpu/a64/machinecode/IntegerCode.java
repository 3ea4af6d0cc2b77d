// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.a64.machinecode;

import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.isa.Fields;
import org.xenolith.a64.isa.Insn;
import org.xenolith.hostcode.kit.X64;

/** Code of additions, logical operations, moves and conditional instructions. Source: Arm ARM DDI 0487, C6.2. */
final class IntegerCode implements CodeTable.Emitter {
  private static final int CONSTANT = 0;
  private static final int LOGICAL_CONSTANT = 1;
  private static final int LOGICAL = 2;
  private static final int SHIFTED = 3;
  private static final int EXTENDED = 4;
  private static final int WITH_CARRY = 5;
  private static final int COMPARE_IF = 6;
  private static final int SELECT = 7;
  /** By opc of a logical operation. */
  private static final int[] OPERATIONS = {X64.AND, X64.OR, X64.XOR, X64.AND};

  private final X64 code;
  private final GuestRegisters registers;
  private final FlagCode flags;
  private final VectorCache held;

  IntegerCode(X64 code, GuestRegisters registers, FlagCode flags, VectorCache held) {
    this.held = held;
    this.code = code;
    this.registers = registers;
    this.flags = flags;
  }

  /** Adds what there is code for. */
  void addTo(CodeTable table) {
    table.put(this, CONSTANT, Insn.ADD_IMM, Insn.SUB_IMM, Insn.ADDS_IMM, Insn.SUBS_IMM);
    table.put(this, LOGICAL_CONSTANT, Insn.AND_IMM, Insn.ORR_IMM, Insn.EOR_IMM, Insn.ANDS_IMM);
    table.put(this, LOGICAL, Insn.AND_SHIFTED, Insn.BIC_SHIFTED, Insn.ORR_SHIFTED, Insn.ORN_SHIFTED, Insn.EOR_SHIFTED, Insn.EON_SHIFTED,
        Insn.ANDS_SHIFTED, Insn.BICS_SHIFTED);
    table.put(this, SHIFTED, Insn.ADD_SHIFTED, Insn.ADDS_SHIFTED, Insn.SUB_SHIFTED, Insn.SUBS_SHIFTED);
    table.put(this, EXTENDED, Insn.ADD_EXTENDED, Insn.ADDS_EXTENDED, Insn.SUB_EXTENDED, Insn.SUBS_EXTENDED);
    table.put(this, WITH_CARRY, Insn.ADC, Insn.ADCS, Insn.SBC, Insn.SBCS);
    table.put(this, COMPARE_IF, Insn.CCMN_REG, Insn.CCMP_REG, Insn.CCMN_IMM, Insn.CCMP_IMM);
    table.put(this, SELECT, Insn.CSEL, Insn.CSINC, Insn.CSINV, Insn.CSNEG);
  }

  @Override
  public void emit(int operation, int word, int at) {
    held.keep();
    boolean wide = Fields.sf(word);
    boolean subtract = (word & 1 << 30) != 0;
    boolean set = (word & 1 << 29) != 0;
    switch (operation) {
      case CONSTANT -> {
        if (set) {
          setConstant(subtract ? X64.SUB : X64.ADD, wide, word, Fields.addImmediate(word));
        } else {
          addConstant(wide, word, subtract ? -Fields.addImmediate(word) : Fields.addImmediate(word));
        }
      }
      case LOGICAL_CONSTANT -> logicalConstant(OPERATIONS[opc(word)], opc(word) == 3, wide, word);
      case LOGICAL -> logical(OPERATIONS[opc(word)], (word & 1 << 21) != 0, opc(word) == 3, wide, word);
      case SHIFTED -> shifted(subtract ? X64.SUB : X64.ADD, set, wide, word);
      case EXTENDED -> extended(subtract ? X64.SUB : X64.ADD, set, wide, word);
      case WITH_CARRY -> withCarry(subtract ? X64.SBB : X64.ADC, set, wide, word);
      case COMPARE_IF -> compareIf(subtract ? X64.CMP : X64.ADD, (word & 1 << 11) != 0, wide, word);
      default -> select(subtract, (word & 1 << 10) != 0, wide, word);
    }
  }

  private static int opc(int word) {
    return word >>> 29 & 3;
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
    int amount = Fields.imms(word);
    if (amount != 0 && Fields.shift(word) == 3) {
      registers.rotated(wide, X64.RCX, GuestRegisters.orZero(Fields.rm(word)), amount);
      return;
    }
    registers.load(wide, X64.RCX, GuestRegisters.orZero(Fields.rm(word)));
    if (amount != 0) {
      code.shift(switch (Fields.shift(word)) {
        case 0 -> X64.SHL;
        case 1 -> X64.SHR;
        default -> X64.SAR;
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
    if (rn == Cpu.ZERO && rm == Cpu.ZERO && plusOne && !inverted) {
      // CSET.
      int to = registers.target(rd);
      code.setIf(condition ^ 1, to);
      registers.set(rd, to);
      flags.keep();
      return;
    }
    if (!inverted && !plusOne && rd != Cpu.ZERO && registers.host(rd) >= 0) {
      choose(condition, wide, rd, rn, rm);
      flags.keep();
      return;
    }
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

  /** CSEL to a register of the host's. */
  private void choose(int condition, boolean wide, int rd, int rn, int rm) {
    int to = registers.host(rd);
    if (rd == rn) {
      code.moveIf(condition ^ 1, wide, to, registers.source(rm, X64.RCX));
    } else {
      registers.load(wide, to, rm);
      code.moveIf(condition, wide, to, registers.source(rn, X64.RCX));
    }
  }
}
