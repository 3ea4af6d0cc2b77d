// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.a64.machinecode;

import org.xenolith.hostcode.kit.HostFeatures;
import org.xenolith.hostcode.kit.X64;

/** The code at the beginning: ways in and out, and to the target of a branch that leaves its page. Source: System V ABI of x86-64, 3.2. */
final class Thunks {
  private static final int[] SAVED = {X64.RBX, X64.RBP, 12, 13, 14, X64.R15};
  private static final int INDEX = 4095 * StateLayout.CODE_ENTRY;
  /** Nothing may begin at 0, which stands for no code. */
  private static final int FIRST = 16;

  private int enter;
  private int leave;
  private int branch;
  private int direct;
  private int miss;
  private int watched;
  private int end;

  /**
   * Emits it.
   *
   * @param host     what it can do
   * @param executed where the code is executed
   * @param lookup   the exit of a branch whose target isn't known
   */
  void emit(X64 code, HostFeatures host, GuestRegisters registers, long executed, int lookup) {
    code.begin(FIRST);
    // long enter(state, code)
    enter = code.at();
    for (int register : SAVED) {
      code.push(register);
    }
    if (host.avx()) {
      // The JVM may have left the upper halves of AVX's registers in use, with which instructions of SSE take ten times as long.
      // Source: Intel's Optimization Reference Manual, "Mixing AVX Code with SSE Code".
      code.zeroUpper();
    }
    code.move(true, X64.RBP, X64.RDI);
    code.move(true, X64.RAX, X64.RSI);
    code.arithmeticMemoryConstant(X64.CMP, false, X64.RBP, StateLayout.NUMBERS_OPEN, 0);
    int noNumbers = code.jumpShortIf(X64.E);
    code.loadControl(X64.RBP, StateLayout.MXCSR);
    code.patchShort(noNumbers);
    registers.fill();
    code.load(true, X64.R15, X64.RBP, StateLayout.LEFT);
    code.jumpRegister(X64.RAX);

    leave = code.at();
    registers.spill();
    code.store(true, X64.R15, X64.RBP, StateLayout.LEFT);
    code.arithmeticMemoryConstant(X64.CMP, false, X64.RBP, StateLayout.NUMBERS_OPEN, 0);
    int noFlags = code.jumpShortIf(X64.E);
    code.storeControl(X64.RBP, StateLayout.MXCSR);
    code.patchShort(noFlags);
    for (int i = SAVED.length - 1; i >= 0; i--) {
      code.pop(SAVED[i]);
    }
    code.returnToCaller();

    miss = code.at();
    code.constant(X64.RAX, lookup);
    code.jumpTo(leave);

    // RAX: the address
    branch = code.at();
    code.store(true, X64.RAX, X64.RBP, StateLayout.TARGET);
    code.testConstant(X64.RAX, 3);
    code.jumpIfTo(X64.NE, miss);
    int aligned = code.jumpShort();
    direct = code.at();
    code.store(true, X64.RAX, X64.RBP, StateLayout.TARGET);
    code.patchShort(aligned);
    // What Tlb.index makes of it, times the size of an entry.
    code.shiftedRight(X64.RCX, X64.RAX, 8);
    code.shiftedRight(X64.RDX, X64.RAX, 17);
    code.arithmeticConstant(X64.AND, false, X64.RDX, -32);
    code.arithmetic(X64.XOR, false, X64.RCX, X64.RDX);
    code.arithmeticConstant(X64.AND, false, X64.RCX, INDEX);
    code.move(true, X64.RDX, X64.RAX);
    code.arithmeticConstant(X64.AND, true, X64.RDX, -4096);
    code.arithmeticMemory(X64.OR, true, X64.RDX, X64.RBP, StateLayout.FETCH);
    code.arithmeticIndexed(X64.CMP, true, X64.RDX, X64.RBP, X64.RCX, StateLayout.CODE);
    code.jumpIfTo(X64.NE, miss);
    code.loadIndexed(3, X64.RCX, X64.RBP, X64.RCX, StateLayout.CODE + 8);
    code.move(true, X64.RDX, X64.RAX);
    code.arithmeticConstant(X64.AND, true, X64.RDX, -4096);
    code.store(true, X64.RDX, X64.RBP, StateLayout.PAGE);
    code.arithmeticConstant(X64.AND, false, X64.RAX, 0xFFC);
    code.loadIndexed(2, X64.RAX, X64.RCX, X64.RAX, 0);
    code.constant(X64.RCX, executed);
    code.arithmetic(X64.ADD, true, X64.RAX, X64.RCX);
    code.jumpRegister(X64.RAX);

    // RCX: the place of the TLB's entry, RDX: the tag that it hasn't
    watched = code.at();
    code.arithmeticIndexed(X64.CMP, true, X64.RDX, X64.RBP, X64.RCX, StateLayout.WATCHED);
    int other = code.jumpShortIf(X64.NE);
    code.loadIndexed(3, X64.RDX, X64.RBP, X64.RCX, StateLayout.WATCHED + 8);
    code.arithmeticMemory(X64.ADD, true, X64.RDX, X64.RBP, StateLayout.ACCESS);
    code.returnToCaller();
    code.patchShort(other);
    code.address(true, X64.RDX, X64.RBP, StateLayout.NO_DISTANCE);
    code.returnToCaller();
    end = code.at();
  }

  int enter() {
    return enter;
  }

  int leave() {
    return leave;
  }

  /** Goes to the address in RAX. */
  int branch() {
    return branch;
  }

  /** Goes to the address in RAX, which is a multiple of four. */
  int direct() {
    return direct;
  }

  /** What the tables of pages have where no block begins. */
  int miss() {
    return miss;
  }

  /** Has RDX lead to how far the next watched byte is from a store without a tag; called. */
  int watched() {
    return watched;
  }

  int end() {
    return end;
  }
}
