// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.a64.machinecode;

import org.xenolith.a64.isa.Fields;
import org.xenolith.a64.isa.Insn;
import org.xenolith.hostcode.kit.X64;

/** Code of branches, and of addresses relative to an instruction's. Source: Arm ARM DDI 0487, C6.2. */
final class BranchCode implements CodeTable.Emitter {
  private static final int ADDRESS = 0;
  private static final int ALWAYS = 1;
  private static final int REGISTER = 2;
  private static final int CALL_REGISTER = 3;
  private static final int CONDITION = 4;
  private static final int COMPARE = 5;
  private static final int TEST = 6;
  private static final int LINK = 30;

  private final X64 code;
  private final GuestRegisters registers;
  private final FlagCode flags;
  private final CodeBlock block;

  BranchCode(X64 code, GuestRegisters registers, FlagCode flags, CodeBlock block) {
    this.code = code;
    this.registers = registers;
    this.flags = flags;
    this.block = block;
  }

  /** Adds what there is code for. */
  void addTo(CodeTable table) {
    table.put(this, ADDRESS, Insn.ADR, Insn.ADRP);
    table.put(this, ALWAYS, Insn.B, Insn.BL);
    table.put(this, REGISTER, Insn.BR, Insn.RET);
    table.put(this, CALL_REGISTER, Insn.BLR);
    table.put(this, CONDITION, Insn.B_COND);
    table.put(this, COMPARE, Insn.CBZ, Insn.CBNZ);
    table.put(this, TEST, Insn.TBZ, Insn.TBNZ);
  }

  @Override
  public void emit(int operation, int word, int at) {
    switch (operation) {
      case ADDRESS -> address(word, at);
      case ALWAYS -> {
        if (word < 0) {
          link(at + 1);
        }
        block.ends(at, CodeBlock.End.ALWAYS);
        block.to(at + (int) (Fields.rel26(word) >> 2));
      }
      case REGISTER -> {
        registers.load(true, X64.RAX, rn(word));
        away(at);
      }
      case CALL_REGISTER -> {
        registers.load(true, X64.RDX, rn(word));
        link(at + 1);
        code.move(true, X64.RAX, X64.RDX);
        away(at);
      }
      case CONDITION -> condition(word, at);
      case COMPARE -> compare(word, at);
      default -> test(word, at);
    }
  }

  private static int rn(int word) {
    return GuestRegisters.orZero(Fields.rn(word));
  }

  /** Of an instruction or of a page, relative to this one's. */
  private void address(int word, int at) {
    long distance = word < 0 ? Fields.adrImmediate(word) << 12 : at * 4 + Fields.adrImmediate(word);
    int rd = GuestRegisters.orZero(Fields.rd(word));
    int to = registers.target(rd);
    block.address(to, distance);
    registers.set(rd, to);
  }

  /** Goes to the address in RAX. */
  private void away(int at) {
    block.ends(at, CodeBlock.End.ALWAYS);
    block.branch();
  }

  private void branchIf(int condition, int at, int target) {
    block.ends(at, CodeBlock.End.MAYBE);
    block.toIf(condition, target);
  }

  private void condition(int word, int at) {
    int target = at + (int) (Fields.rel19(word) >> 2);
    if (FlagCode.conditional(Fields.branchCond(word))) {
      branchIf(flags.condition(Fields.branchCond(word)), at, target);
    } else {
      block.ends(at, CodeBlock.End.ALWAYS);
      block.to(target);
    }
  }

  /** Whether a branch is one that a set bit, or what isn't zero, leads to. */
  private static boolean set(int word) {
    return (word & 1 << 24) != 0;
  }

  private void compare(int word, int at) {
    int register = registers.source(GuestRegisters.orZero(Fields.rt(word)), X64.RAX);
    code.test(Fields.sf(word), register, register);
    branchIf(set(word) ? X64.NE : X64.E, at, at + (int) (Fields.rel19(word) >> 2));
  }

  private void test(int word, int at) {
    code.testBit(registers.source(GuestRegisters.orZero(Fields.rt(word)), X64.RAX), Fields.testBit(word));
    branchIf(set(word) ? X64.B : X64.AE, at, at + (int) (Fields.rel14(word) >> 2));
  }

  /** The link register becomes the address of an instruction. Takes RAX. */
  private void link(int index) {
    int to = registers.target(LINK);
    block.address(to, index * 4L);
    registers.set(LINK, to);
  }
}
