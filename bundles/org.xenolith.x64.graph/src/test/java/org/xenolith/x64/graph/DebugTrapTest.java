// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.testkit.x64.X64TestMachine;
import org.xenolith.x64.arch.CpuState;
import org.xenolith.x64.arch.ExceptionVector;
import org.xenolith.x64.arch.FlagBits;

/** Data breakpoints and single steps, and what keeps them away (Intel SDM volume 3, 7.8.3 and 18.3.1). */
class DebugTrapTest {
  private static final int READ_OR_WRITE = 3;
  private static final int WRITE = 1;
  private static final int FOUR_BYTES = 3;
  private static final int STEP = 1 << 14;
  private final X64TestMachine machine = new X64TestMachine(Interpreter::new);

  @BeforeEach
  void start() {
    machine.user();
    machine.cpu.r[CpuState.RDI] = X64TestMachine.DATA;
  }

  private void code(int... bytes) {
    for (int i = 0; i < bytes.length; i++) {
      machine.code.write(i, 1, bytes[i]);
    }
  }

  /** Sets DR0 and DR7 as the guest does. */
  private void watch(long address, int kind, int length) {
    machine.cpu.controls.debug(0, address);
    machine.cpu.controls.debug(7, 0x402L | (long) (kind | length << 2) << 16);
  }

  private void trapped(int offset, int hit) {
    machine.engine.run(100);
    assertEquals(ExceptionVector.DB, machine.vector());
    assertEquals(X64TestMachine.CODE + offset, machine.frame(0));
    assertEquals(hit, machine.cpu.dr[6]);
  }

  @Test
  void dataBreakpointStopsBehindTheInstruction() {
    // mov [rdi+7], al
    code(0x88, 0x47, 0x07, 0x90, 0xF4);
    watch(X64TestMachine.DATA + 4, WRITE, FOUR_BYTES);
    trapped(3, 1);
  }

  @Test
  void neighboursOfTheWatchedBytesAreNotHit() {
    // mov [rdi+8], eax; mov [rdi], eax: misaligned, too
    machine.cpu.r[CpuState.RDI] = X64TestMachine.DATA + 5;
    code(0x89, 0x47, 0x08, 0x89, 0x07, 0xF4);
    watch(X64TestMachine.DATA + 9, READ_OR_WRITE, FOUR_BYTES);
    // Bits of the address below the length don't count: it begins at 8.
    trapped(5, 1);
  }

  @Test
  void aLoadOfSsKeepsASingleStepAway() {
    machine.cpu.r[CpuState.RAX] = 0x2B;
    code(0x8E, 0xD0, 0x90, 0xF4);
    machine.cpu.setFlags(FlagBits.TF, FlagBits.TF);
    trapped(3, STEP);
  }

  @Test
  void whatALoadOfSsHitsIsToldBehindTheNextInstruction() {
    machine.data.write(0, 2, 0x2B);
    code(0x8E, 0x17, 0x90, 0xF4);
    watch(X64TestMachine.DATA, READ_OR_WRITE, FOUR_BYTES);
    trapped(3, 1);
  }

  /** A second exception would come in the handler, at level 0, on a stack that the first one is still on. */
  @Test
  void whatALoadOfSsHitsIsToldByTheExceptionOfInt1() {
    machine.data.write(0, 2, 0x2B);
    code(0x8E, 0x17, 0xF1, 0xF4);
    watch(X64TestMachine.DATA, READ_OR_WRITE, FOUR_BYTES);
    trapped(3, 1);
    assertEquals(0x33, machine.frame(1), "the program's code segment: the handler wasn't interrupted");
    assertEquals(0, machine.cpu.breakpoints.pending());
  }

  @Test
  void int1WithoutBreakpointsLeavesWhatTheDebugStatusSays() {
    code(0xF1, 0xF4);
    machine.cpu.dr[6] = 0x4002;
    trapped(1, 0x4002);
  }

  @Test
  void int1WhoseGateIsNotPresentIsAFaultAtTheInstruction() {
    code(0x90, 0xF1, 0xF4);
    machine.low.write(0x9000 + 16 * ExceptionVector.DB + 5, 1, 0x6E);
    machine.engine.run(100);
    assertEquals(ExceptionVector.NP, machine.vector());
    assertEquals(X64TestMachine.CODE + 1, machine.frame(0));
    assertEquals(ExceptionVector.DB * 8 + 3, machine.frame(-1), "external, as of no instruction but INT n, INT3 and INTO");
  }

  @Test
  void aDataBreakpointTellsOfItselfOnly() {
    code(0x88, 0x47, 0x07, 0x90, 0xF4);
    watch(X64TestMachine.DATA + 4, WRITE, FOUR_BYTES);
    machine.cpu.dr[6] = 0x200E;
    trapped(3, 0x2001);
  }

  @Test
  void aStepTellsOfNoEarlierBreakpoint() {
    code(0x90, 0xF4);
    machine.cpu.dr[6] = 15;
    machine.cpu.setFlags(FlagBits.TF, FlagBits.TF);
    trapped(1, STEP);
  }

  @Test
  void aLoadOfSsLetsTheNextInstructionPassItsBreakpoint() {
    machine.cpu.r[CpuState.RAX] = 0x2B;
    code(0x8E, 0xD0, 0x90, 0x90, 0xF4);
    machine.cpu.controls.debug(1, X64TestMachine.CODE + 3);
    machine.cpu.controls.debug(0, X64TestMachine.CODE + 2);
    machine.cpu.controls.debug(7, 0x40A);
    trapped(3, 2);
  }

  @Test
  void whatAnInstructionHitsThatFaultsIsForgotten() {
    // movsb from the watched byte to where nothing is
    machine.cpu.r[CpuState.RSI] = X64TestMachine.DATA;
    machine.cpu.r[CpuState.RDI] = X64TestMachine.DATA + 0x2000;
    code(0xA4, 0xF4);
    watch(X64TestMachine.DATA, READ_OR_WRITE, 0);
    machine.engine.run(100);
    assertEquals(ExceptionVector.PF, machine.vector());
    assertEquals(0, machine.cpu.dr[6]);
  }

  @Test
  void everyDebugExceptionEndsGeneralDetect() {
    code(0x90, 0xF4);
    machine.cpu.controls.debug(7, 0x2400);
    machine.cpu.setFlags(FlagBits.TF, FlagBits.TF);
    trapped(1, STEP);
    assertEquals(0x400, machine.cpu.controls.debug(7));
  }
}
