// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.x64.machinecode;

import org.xenolith.hostcode.kit.X64;
import org.xenolith.x64.arch.X64Flags;
import org.xenolith.x64.arch.X64State;

/**
 * Code of IRETQ from level 0 to level 0 with the CS and SS that there are, which changes flags of arithmetic and IF; all others are the interpreter's. The GDT is looked at as the
 * instruction does. Source: Intel SDM volume 2, IRET.
 */
final class X64ReturnCode {
  private static final int WORDS = 5;
  private static final int CODE = 8;
  private static final int FLAGS = 16;
  private static final int POINTER = 24;
  private static final int STACK = 32;
  /** What it may not change here. */
  private static final int KEPT = X64Flags.SYSTEM & ~X64Flags.IF;

  private final X64 code;
  private final X64HeldRegisters registers;
  private final X64FlagCode flags;
  private final X64AddressCode addresses;
  private final X64WaysOut leaving;

  X64ReturnCode(X64 code, X64HeldRegisters registers, X64FlagCode flags, X64AddressCode addresses, X64WaysOut leaving) {
    this.code = code;
    this.registers = registers;
    this.flags = flags;
    this.addresses = addresses;
    this.leaving = leaving;
  }

  /** Emits all but the branch: its target is in RAX then. */
  void emit() {
    code.testMemory(X64.RBP, X64StateLayout.RETURN_OPEN, 1);
    leaving.interpretIf(X64.E);
    pop();
    // The GDT may have the stack's place in the TLB: what was popped isn't popped again.
    addresses.begin();
    code.load(true, X64.RAX, X64.RBP, X64StateLayout.CODE_PLACE);
    addresses.check(X64.RAX, 8, true, false);
    same(X64StateLayout.CODE_DESCRIPTOR);
    code.load(true, X64.RAX, X64.RBP, X64StateLayout.STACK_PLACE);
    same(X64StateLayout.STACK_DESCRIPTOR);
    code.load(false, X64.RDX, X64.RBP, X64StateLayout.RETURN_FLAGS);
    code.arithmeticMemoryConstant(X64.AND, false, X64.RBP, X64StateLayout.SYSTEM_FLAGS, ~X64Flags.IF);
    code.move(false, X64.RAX, X64.RDX);
    code.arithmeticConstant(X64.AND, false, X64.RAX, X64Flags.IF);
    code.arithmeticToMemory(X64.OR, false, X64.RAX, X64.RBP, X64StateLayout.SYSTEM_FLAGS);
    flags.become(X64.RDX);
    code.load(true, X64.RAX, X64.RBP, X64StateLayout.RETURN_STACK);
    registers.set(X64State.RSP, X64.RAX);
    code.load(true, X64.RAX, X64.RBP, X64StateLayout.TARGET);
  }

  /** Has what is on the stack in the state, unless it asks for more than is done here. */
  private void pop() {
    int stack = registers.host(X64State.RSP);
    addresses.check(stack, 8 * WORDS, true, false);
    code.address(true, X64.RCX, stack, X64.RCX, 0);
    selector(CODE, X64State.CS);
    selector(STACK, X64State.SS);
    code.load(false, X64.RDX, X64.RCX, FLAGS);
    code.move(false, X64.RAX, X64.RDX);
    code.arithmeticMemory(X64.XOR, false, X64.RAX, X64.RBP, X64StateLayout.SYSTEM_FLAGS);
    code.testConstant(X64.RAX, KEPT);
    leaving.interpretIf(X64.NE);
    code.testConstant(X64.RAX, X64Flags.IF);
    int same = code.jumpShortIf(X64.E);
    code.testConstant(X64.RDX, X64Flags.IF);
    int cleared = code.jumpShortIf(X64.E);
    // As of STI: what it lets through is the interpreter's.
    code.testMemory(X64.RBP, X64StateLayout.STI_OPEN, 1);
    leaving.interpretIf(X64.E);
    code.patchShort(same);
    code.patchShort(cleared);
    code.store(true, X64.RDX, X64.RBP, X64StateLayout.RETURN_FLAGS);
    code.load(true, X64.RAX, X64.RCX, POINTER);
    code.store(true, X64.RAX, X64.RBP, X64StateLayout.RETURN_STACK);
    code.load(true, X64.RAX, X64.RCX, 0);
    addresses.canonical(X64.RAX);
    code.store(true, X64.RAX, X64.RBP, X64StateLayout.TARGET);
  }

  private void selector(int word, int segment) {
    code.load(false, X64.RAX, X64.RCX, word);
    code.arithmeticMemory(X64.CMP, false, X64.RAX, X64.RBP, X64StateLayout.selector(segment));
    leaving.interpretIf(X64.NE);
  }

  /** Leaves unless the descriptor at RAX plus RCX is one of the state's. */
  private void same(int descriptor) {
    code.load(true, X64.RDX, X64.RBP, descriptor);
    code.arithmeticIndexed(X64.CMP, true, X64.RDX, X64.RAX, X64.RCX, 0);
    leaving.interpretIf(X64.NE);
  }
}
