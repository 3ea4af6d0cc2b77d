// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.machinecode;

import org.xenolith.a64.isa.Fields;
import org.xenolith.a64.isa.Insn;

/** Code of branches, and of addresses relative to an instruction's. Source: Arm ARM DDI 0487, C6.2. */
final class BranchCode {
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
    table.put(Insn.ADR, (word, at) -> address(word, at * 4 + Fields.adrImmediate(word)));
    table.put(Insn.ADRP, (word, _) -> address(word, Fields.adrImmediate(word) << 12));
    table.put(Insn.B, this::always);
    table.put(Insn.BL, (word, at) -> {
      link(at + 1);
      always(word, at);
    });
    table.put(Insn.BR, Insn.RET, (word, at) -> {
      registers.load(true, X64.RAX, rn(word));
      away(at);
    });
    table.put(Insn.BLR, (word, at) -> {
      registers.load(true, X64.RDX, rn(word));
      link(at + 1);
      code.move(true, X64.RAX, X64.RDX);
      away(at);
    });
    table.put(Insn.B_COND, (word, at) -> {
      int target = at + (int) (Fields.rel19(word) >> 2);
      if (FlagCode.conditional(Fields.branchCond(word))) {
        branchIf(flags.condition(Fields.branchCond(word)), at, target);
      } else {
        block.ends(at, CodeBlock.End.ALWAYS);
        block.to(target);
      }
    });
    table.put(Insn.CBZ, (word, at) -> compare(X64.E, word, at));
    table.put(Insn.CBNZ, (word, at) -> compare(X64.NE, word, at));
    table.put(Insn.TBZ, (word, at) -> test(X64.AE, word, at));
    table.put(Insn.TBNZ, (word, at) -> test(X64.B, word, at));
  }

  private static int rn(int word) {
    return GuestRegisters.orZero(Fields.rn(word));
  }

  private void address(int word, long distance) {
    int rd = GuestRegisters.orZero(Fields.rd(word));
    int to = registers.target(rd);
    block.address(to, distance);
    registers.set(rd, to);
  }

  private void always(int word, int at) {
    block.ends(at, CodeBlock.End.ALWAYS);
    block.to(at + (int) (Fields.rel26(word) >> 2));
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

  private void compare(int condition, int word, int at) {
    int register = registers.source(GuestRegisters.orZero(Fields.rt(word)), X64.RAX);
    code.test(Fields.sf(word), register, register);
    branchIf(condition, at, at + (int) (Fields.rel19(word) >> 2));
  }

  private void test(int condition, int word, int at) {
    code.testBit(registers.source(GuestRegisters.orZero(Fields.rt(word)), X64.RAX), Fields.testBit(word));
    branchIf(condition, at, at + (int) (Fields.rel14(word) >> 2));
  }

  /** The link register becomes the address of an instruction. Takes RAX. */
  private void link(int index) {
    int to = registers.target(LINK);
    block.address(to, index * 4L);
    registers.set(LINK, to);
  }
}
