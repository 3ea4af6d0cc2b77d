// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.x64.machinecode;

import org.xenolith.hostcode.kit.X64;
import org.xenolith.hostcode.kit.pages.NativePage;
import org.xenolith.x64.arch.CpuState;
import org.xenolith.x64.arch.FlagBits;
import org.xenolith.x64.isa.Insn;
import org.xenolith.x64.isa.Instruction;

/**
 * Code of MOVS and STOS that repeat: as many repetitions at once as are in the pages, and are left, are the host's. Each counts as an instruction, so that such an instruction is a block
 * of its own, which begins anew for each page. Source: Intel SDM volume 2.
 */
final class StringCode implements CodeTable.Emitter {
  private static final int PAGE_BITS = 12;
  private static final int INDEX_BITS = 21;

  private final X64 code;
  private final FlagCode flags;
  private final AddressCode addresses;
  private final SideExits leaving;
  private final CodeBlock block;
  private final int counter;
  private final int source;
  private final int target;
  private final int accumulator;

  StringCode(X64 code, RegisterCache registers, FlagCode flags, AddressCode addresses, SideExits leaving, CodeBlock block) {
    this.code = code;
    this.flags = flags;
    this.addresses = addresses;
    this.leaving = leaving;
    this.block = block;
    counter = registers.host(CpuState.RCX);
    source = registers.host(CpuState.RSI);
    target = registers.host(CpuState.RDI);
    accumulator = registers.host(CpuState.RAX);
    if (source != X64.RSI || target != X64.RDI) {
      throw new IllegalStateException("RSI and RDI are held in " + source + " and " + target + ": expected the host's own");
    }
  }

  /** Adds what there is code for. */
  void addTo(CodeTable table) {
    for (Insn insn : new Insn[] {Insn.MOVS_YB_XB, Insn.MOVS_YV_XV, Insn.STOS_YB_AL, Insn.STOS_YV_RAX}) {
      table.put(this, insn);
    }
  }

  @Override
  public boolean covers(Instruction insn) {
    boolean moved = insn.segment() == CpuState.FS || insn.segment() == CpuState.GS;
    return (insn.rep() || insn.repne()) && insn.addressSize() == 64 && !moved;
  }

  @Override
  public boolean leaves(Instruction insn) {
    return true;
  }

  @Override
  public boolean alone() {
    return true;
  }

  @Override
  public void emit(Instruction insn, int at, int end, boolean needed) {
    boolean moves = insn.insn() == Insn.MOVS_YB_XB || insn.insn() == Insn.MOVS_YV_XV;
    boolean bytes = insn.insn() == Insn.MOVS_YB_XB || insn.insn() == Insn.STOS_YB_AL;
    int size = bytes ? 1 : insn.operandSize() >> 3;
    code.test(true, counter, counter);
    int none = code.jumpIf(X64.E);
    code.testMemory(X64.RBP, StateLayout.SYSTEM_FLAGS + 1, FlagBits.DF >> 8);
    leaving.interpretIf(X64.NE);
    if (moves) {
      apart();
      addresses.check(source, size, true, false);
      code.store(true, X64.RCX, X64.RBP, StateLayout.TARGET);
    }
    addresses.checkPage(target, size);
    count(size, moves);
    if (moves) {
      code.arithmeticMemory(X64.ADD, true, source, X64.RBP, StateLayout.TARGET);
    }
    code.move(true, X64.RDX, X64.RCX);
    code.arithmetic(X64.ADD, true, target, X64.RDX);
    code.move(true, X64.RCX, X64.RAX);
    if (!moves) {
      code.move(true, X64.RAX, accumulator);
    }
    repeat(size, moves ? 0xA4 : 0xAA);
    code.arithmetic(X64.SUB, true, target, X64.RDX);
    if (moves) {
      code.arithmeticMemory(X64.SUB, true, source, X64.RBP, StateLayout.TARGET);
    }
    code.test(true, counter, counter);
    block.toIf(X64.NE, at);
    code.patchJump(none, code.at());
    flags.lost();
  }

  /** Leaves if the two pages have one place in the TLB: there, each repetition looks up both. */
  private void apart() {
    code.move(true, X64.RAX, source);
    code.arithmetic(X64.XOR, true, X64.RAX, target);
    code.move(true, X64.RCX, X64.RAX);
    code.shift(X64.SHR, true, X64.RCX, PAGE_BITS);
    int same = code.jumpShortIf(X64.E);
    // What Mmu.index makes of the two differs by what it makes of their difference.
    code.shift(X64.SHR, true, X64.RAX, INDEX_BITS);
    code.arithmeticConstant(X64.AND, true, X64.RAX, -2);
    code.arithmetic(X64.XOR, true, X64.RAX, X64.RCX);
    code.testConstant(X64.RAX, NativePage.BYTES - 1);
    leaving.interpretIf(X64.E);
    code.patchShort(same);
  }

  /** Has the number of repetitions in RAX, one at least, and counts them; RDX is lost. */
  private void count(int size, boolean moves) {
    code.move(false, X64.RAX, target);
    code.arithmeticConstant(X64.AND, false, X64.RAX, NativePage.BYTES - 1);
    if (moves) {
      code.move(false, X64.RDX, source);
      code.arithmeticConstant(X64.AND, false, X64.RDX, NativePage.BYTES - 1);
      code.arithmetic(X64.CMP, false, X64.RAX, X64.RDX);
      code.moveIf(X64.B, false, X64.RAX, X64.RDX);
    }
    code.group3(X64.NEG, false, X64.RAX);
    code.arithmeticConstant(X64.ADD, false, X64.RAX, NativePage.BYTES);
    if (size > 1) {
      code.shift(X64.SHR, false, X64.RAX, Integer.numberOfTrailingZeros(size));
    }
    code.arithmetic(X64.CMP, true, X64.RAX, counter);
    code.moveIf(X64.A, true, X64.RAX, counter);
    // The block has counted one.
    code.address(true, X64.RDX, X64.R15, 1);
    code.arithmetic(X64.CMP, true, X64.RAX, X64.RDX);
    code.moveIf(X64.A, true, X64.RAX, X64.RDX);
    code.arithmetic(X64.SUB, true, counter, X64.RAX);
    code.arithmetic(X64.SUB, true, X64.R15, X64.RAX);
    code.arithmeticConstant(X64.ADD, true, X64.R15, 1);
  }

  /** The host's instruction, with a prefix to repeat it. */
  private void repeat(int size, int opcode) {
    code.byteOf(0xF3);
    if (size == 2) {
      code.byteOf(0x66);
    }
    code.rex(size == 8, 0, 0, 0);
    code.byteOf(size == 1 ? opcode : opcode + 1);
  }
}
