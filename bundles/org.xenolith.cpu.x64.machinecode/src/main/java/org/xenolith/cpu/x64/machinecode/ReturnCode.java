// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.x64.machinecode;

import org.xenolith.hostcode.kit.X64;
import org.xenolith.x64.arch.CpuState;
import org.xenolith.x64.arch.FlagBits;

/**
 * Code of IRETQ from level 0 to level 0 with the CS and SS that there are, which changes flags of arithmetic and IF; all others are the interpreter's. The GDT is looked at as the
 * instruction does. Source: Intel SDM volume 2, IRET.
 */
final class ReturnCode {
  private static final int WORDS = 5;
  private static final int CODE = 8;
  private static final int FLAGS = 16;
  private static final int POINTER = 24;
  private static final int STACK = 32;
  /** What it may not change here. */
  private static final int KEPT = FlagBits.SYSTEM & ~FlagBits.IF;

  private final X64 code;
  private final RegisterCache registers;
  private final FlagCode flags;
  private final AddressCode addresses;
  private final SideExits leaving;

  ReturnCode(X64 code, RegisterCache registers, FlagCode flags, AddressCode addresses, SideExits leaving) {
    this.code = code;
    this.registers = registers;
    this.flags = flags;
    this.addresses = addresses;
    this.leaving = leaving;
  }

  /** Emits all but the branch: its target is in RAX then. */
  void emit() {
    code.testMemory(X64.RBP, StateLayout.RETURN_OPEN, 1);
    leaving.interpretIf(X64.E);
    pop();
    // The GDT may have the stack's place in the TLB: what was popped isn't popped again.
    addresses.begin();
    code.load(true, X64.RAX, X64.RBP, StateLayout.CODE_PLACE);
    addresses.check(X64.RAX, 8, true, false);
    same(StateLayout.CODE_DESCRIPTOR);
    code.load(true, X64.RAX, X64.RBP, StateLayout.STACK_PLACE);
    same(StateLayout.STACK_DESCRIPTOR);
    code.load(false, X64.RDX, X64.RBP, StateLayout.RETURN_FLAGS);
    code.arithmeticMemoryConstant(X64.AND, false, X64.RBP, StateLayout.SYSTEM_FLAGS, ~FlagBits.IF);
    code.move(false, X64.RAX, X64.RDX);
    code.arithmeticConstant(X64.AND, false, X64.RAX, FlagBits.IF);
    code.arithmeticToMemory(X64.OR, false, X64.RAX, X64.RBP, StateLayout.SYSTEM_FLAGS);
    flags.become(X64.RDX);
    code.load(true, X64.RAX, X64.RBP, StateLayout.RETURN_STACK);
    registers.set(CpuState.RSP, X64.RAX);
    code.load(true, X64.RAX, X64.RBP, StateLayout.TARGET);
  }

  /** Has what is on the stack in the state, unless it asks for more than is done here. */
  private void pop() {
    int stack = registers.host(CpuState.RSP);
    addresses.check(stack, 8 * WORDS, true, false);
    code.address(true, X64.RCX, stack, X64.RCX, 0);
    selector(CODE, CpuState.CS);
    selector(STACK, CpuState.SS);
    code.load(false, X64.RDX, X64.RCX, FLAGS);
    code.move(false, X64.RAX, X64.RDX);
    code.arithmeticMemory(X64.XOR, false, X64.RAX, X64.RBP, StateLayout.SYSTEM_FLAGS);
    code.testConstant(X64.RAX, KEPT);
    leaving.interpretIf(X64.NE);
    code.testConstant(X64.RAX, FlagBits.IF);
    int same = code.jumpShortIf(X64.E);
    code.testConstant(X64.RDX, FlagBits.IF);
    int cleared = code.jumpShortIf(X64.E);
    // As of STI: what it lets through is the interpreter's.
    code.testMemory(X64.RBP, StateLayout.STI_OPEN, 1);
    leaving.interpretIf(X64.E);
    code.patchShort(same);
    code.patchShort(cleared);
    code.store(true, X64.RDX, X64.RBP, StateLayout.RETURN_FLAGS);
    code.load(true, X64.RAX, X64.RCX, POINTER);
    code.store(true, X64.RAX, X64.RBP, StateLayout.RETURN_STACK);
    code.load(true, X64.RAX, X64.RCX, 0);
    addresses.canonical(X64.RAX);
    code.store(true, X64.RAX, X64.RBP, StateLayout.TARGET);
  }

  private void selector(int word, int segment) {
    code.load(false, X64.RAX, X64.RCX, word);
    code.arithmeticMemory(X64.CMP, false, X64.RAX, X64.RBP, StateLayout.selector(segment));
    leaving.interpretIf(X64.NE);
  }

  /** Leaves unless the descriptor at RAX plus RCX is one of the state's. */
  private void same(int descriptor) {
    code.load(true, X64.RDX, X64.RBP, descriptor);
    code.arithmeticIndexed(X64.CMP, true, X64.RDX, X64.RAX, X64.RCX, 0);
    leaving.interpretIf(X64.NE);
  }
}
