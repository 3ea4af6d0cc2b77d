// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.xenolith.testkit.x64.X64TestMachine;
import org.xenolith.x64.arch.CpuState;
import org.xenolith.x64.arch.ExceptionVector;
import org.xenolith.x64.arch.FlagBits;

/** Breakpoints on execution and the flag RF that lets an instruction pass them (Intel SDM volume 3, 18.3.1.1). */
class BreakpointTest {
  private final X64TestMachine machine = new X64TestMachine(Interpreter::new);

  @Test
  void breakpointStopsBeforeTheInstruction() {
    machine.user();
    code(0x90, 0x90, 0xF4);
    breakAt(1);
    machine.engine.run(100);
    assertEquals(ExceptionVector.DB, machine.vector());
    assertEquals(X64TestMachine.CODE + 1, machine.frame(0));
    assertEquals(1, machine.cpu.dr[6] & 15);
  }

  @Test
  void resumeFlagLetsOneInstructionPass() {
    machine.user();
    // jmp to the first byte: what was passed once is met again.
    code(0x90, 0xEB, 0xFD);
    breakAt(0);
    machine.cpu.setFlags(FlagBits.RF, FlagBits.RF);
    machine.engine.run(100);
    assertEquals(ExceptionVector.DB, machine.vector());
    assertEquals(X64TestMachine.CODE, machine.frame(0));
    assertEquals(0, machine.frame(2) & FlagBits.RF);
  }

  @Test
  void resumeFlagHoldsForAllOfARepetition() {
    machine.user();
    code(0xF3, 0xAA, 0xF4);
    breakAt(0);
    machine.cpu.r[CpuState.RDI] = X64TestMachine.DATA;
    machine.cpu.r[CpuState.RCX] = 5;
    machine.cpu.setFlags(FlagBits.RF, FlagBits.RF);
    machine.engine.run(100);
    assertEquals(ExceptionVector.GP, machine.vector());
    assertEquals(0, machine.cpu.r[CpuState.RCX]);
  }

  @Test
  void resumeFlagHoldsForARepetitionThatReachesIntoTheNextPage() {
    machine.user();
    machine.low.write(0x6008, 8, X64TestMachine.DATA | 7);
    machine.code.write(4095, 1, 0xF3);
    machine.data.write(0, 2, 0xF4AA);
    breakAt(4095);
    machine.cpu.pc = X64TestMachine.CODE + 4095;
    machine.cpu.r[CpuState.RDI] = X64TestMachine.DATA + 0x100;
    machine.cpu.r[CpuState.RCX] = 5;
    machine.cpu.setFlags(FlagBits.RF, FlagBits.RF);
    machine.engine.run(100);
    assertEquals(ExceptionVector.GP, machine.vector());
    assertEquals(0, machine.cpu.r[CpuState.RCX]);
  }

  @Test
  void resumeFlagEndsBehindOneInstructionThoughThereIsNoBreakpointYet() {
    machine.user();
    code(0x90, 0x90, 0x90, 0xF4);
    machine.cpu.setFlags(FlagBits.RF, FlagBits.RF);
    machine.engine.run(1);
    assertEquals(0, machine.cpu.flags & FlagBits.RF);
    breakAt(2);
    machine.engine.run(100);
    assertEquals(ExceptionVector.DB, machine.vector());
    assertEquals(X64TestMachine.CODE + 2, machine.frame(0));
  }

  @Test
  void anExceptionTellsOfItsOwnBreakpointsOnly() {
    machine.user();
    code(0x90, 0xF4);
    breakAt(0);
    machine.cpu.dr[6] = 0x400E;
    machine.engine.run(100);
    assertEquals(0x4001, machine.cpu.dr[6]);
  }

  @Test
  void interruptReturnLoadsItForWhatItReturnsTo() {
    machine.user();
    code(0x48, 0xCF, 0x90, 0xF4);
    breakAt(2);
    long frame = X64TestMachine.DATA + 0x100;
    long[] words = {X64TestMachine.CODE + 2, 0x33, FlagBits.RF | 2, X64TestMachine.DATA + 0x800, 0x2B};
    for (int i = 0; i < words.length; i++) {
      machine.data.write(0x100 + i * 8, 8, words[i]);
    }
    machine.cpu.r[CpuState.RSP] = frame;
    machine.engine.run(100);
    assertEquals(ExceptionVector.GP, machine.vector());
    assertEquals(X64TestMachine.CODE + 3, machine.frame(0));
  }

  private void code(int... bytes) {
    for (int i = 0; i < bytes.length; i++) {
      machine.code.write(i, 1, bytes[i]);
    }
  }

  private void breakAt(int offset) {
    machine.cpu.dr[0] = X64TestMachine.CODE + offset;
    machine.cpu.dr[7] = 0x402;
    machine.cpu.restored();
  }
}
