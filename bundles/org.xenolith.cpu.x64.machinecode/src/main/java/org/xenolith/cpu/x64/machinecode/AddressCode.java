// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.x64.machinecode;

import org.xenolith.hostcode.kit.X64;
import org.xenolith.x64.arch.CpuState;
import org.xenolith.x64.isa.Instruction;
import org.xenolith.x64.isa.Operand;

/**
 * Code of memory operands: their addresses, and the way through the tags of the TLB. Whatever else an access needs leaves the code before the instruction has changed
 * anything. Source: Intel SDM volume 1, 3.7.5.
 */
final class AddressCode {
  private static final int INDEX = 4095 * StateLayout.DATA_ENTRY;

  private final X64 code;
  private final RegisterCache registers;
  private final FlagCode flags;
  private final SideExits leaving;
  private int begin;

  AddressCode(X64 code, RegisterCache registers, FlagCode flags, SideExits leaving) {
    this.code = code;
    this.registers = registers;
    this.flags = flags;
    this.leaving = leaving;
  }

  /** Begins an instruction's code: an access that left is done again from here. */
  void begin() {
    begin = code.at();
  }

  int begun() {
    return begin;
  }

  /**
   * Has an operand's offset in a register; RCX is lost. Flags stay.
   *
   * @param wide whether it has 64 bits
   * @param end  offset in the page of what is behind the instruction
   */
  void offset(Instruction insn, int end, boolean wide, int to) {
    if (insn.ripRelative()) {
      code.load(true, X64.RCX, X64.RBP, StateLayout.PAGE);
      code.farAddress(to, X64.RCX, insn.displacement() + end);
      if (!wide) {
        code.move(false, to, to);
      }
      return;
    }
    int base = insn.base() >= 0 ? registers.source(insn.base(), X64.RAX) : -1;
    int index = insn.index() >= 0 ? registers.source(insn.index(), X64.RCX) : -1;
    if (base < 0 && index < 0) {
      code.constant(to, wide ? insn.displacement() : insn.displacement() & 0xFFFF_FFFFL);
    } else {
      code.address(wide, to, base, index, insn.scale(), (int) insn.displacement());
    }
  }

  /** Has an operand's linear address in RAX; RCX and flags are lost. */
  void linear(Instruction insn, int end) {
    offset(insn, end, insn.addressSize() == 64, X64.RAX);
    int segment = insn.segment();
    if (segment == CpuState.FS || segment == CpuState.GS) {
      code.arithmeticMemory(X64.ADD, true, X64.RAX, X64.RBP, segment == CpuState.FS ? StateLayout.FS_BASE : StateLayout.GS_BASE);
    }
  }

  /** Leaves unless bytes at a linear address in a register have a tag. Then the first is at that register plus RCX; RDX and flags are lost. */
  void check(int address, int bytes, boolean loads, boolean stores) {
    check(address, bytes, loads, stores, true);
  }

  /** The same for the first of many stores, up to the end of the page: none is made where one of them might touch a watched byte. */
  void checkPage(int address, int bytes) {
    check(address, bytes, false, true, false);
  }

  private void check(int address, int bytes, boolean loads, boolean stores, boolean beside) {
    // What Mmu.index makes of it, times the size of an entry.
    code.shiftedRight(X64.RCX, address, 7);
    code.shiftedRight(X64.RDX, address, 16);
    code.arithmeticConstant(X64.AND, false, X64.RDX, -64);
    code.arithmetic(X64.XOR, false, X64.RCX, X64.RDX);
    code.arithmeticConstant(X64.AND, false, X64.RCX, INDEX);
    if (bytes > 1) {
      code.address(true, X64.RDX, address, bytes - 1);
    } else {
      code.move(true, X64.RDX, address);
    }
    code.arithmeticConstant(X64.AND, true, X64.RDX, -4096);
    code.arithmeticMemory(X64.OR, true, X64.RDX, X64.RBP, StateLayout.CONTEXT);
    code.arithmeticIndexed(X64.CMP, true, X64.RDX, X64.RBP, X64.RCX, StateLayout.DATA + (stores ? 8 : 0));
    leaving.accessUnless(X64.E, address, begin, bytes, loads, stores, beside);
    code.loadIndexed(3, X64.RCX, X64.RBP, X64.RCX, StateLayout.DATA + 16);
    flags.lost();
  }

  /** Has an operand of the instruction at RAX plus RCX, or leaves. */
  void operand(Instruction insn, int end, int bytes, Operand.Access access) {
    linear(insn, end);
    check(X64.RAX, bytes, access.reads(), access.writes());
  }

  /** Leaves for the interpreter unless an address in a register is canonical. RDX and flags are lost. */
  void canonical(int address) {
    code.move(true, X64.RDX, address);
    code.shift(X64.SAR, true, X64.RDX, 47);
    code.arithmeticConstant(X64.ADD, true, X64.RDX, 1);
    code.arithmeticConstant(X64.CMP, true, X64.RDX, 1);
    leaving.interpretIf(X64.A);
    flags.lost();
  }
}
