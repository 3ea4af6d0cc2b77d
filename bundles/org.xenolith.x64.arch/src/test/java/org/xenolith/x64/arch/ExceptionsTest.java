// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.arch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Delivery of exceptions in 64-bit mode (Intel SDM volume 3, 7.12 to 7.14). */
class ExceptionsTest {
  private static final int INTERRUPT_GATE = 0x8E;
  private static final int TRAP_GATE = 0x8F;
  private static final long HANDLER = 0xFFFF_8000_1234_5678L;
  private static final long STACK = 0x2_0000;
  private static final long OUTER_STACK = 0x3_0008;
  private final BareCpu machine = new BareCpu();
  private final Core cpu = machine.cpu;

  @BeforeEach
  void start() {
    machine.longMode();
    machine.ram.write(BareCpu.TASK + 4, 8, OUTER_STACK);
    cpu.pc = 0x1234;
    cpu.r[CpuState.RSP] = STACK + 5;
    cpu.setFlags(FlagBits.IF | FlagBits.TF | FlagBits.NT, FlagBits.IF | FlagBits.TF | FlagBits.NT);
  }

  /** The exception of an instruction, taken at once. */
  private void raise(int vector, int error) {
    cpu.fault(vector, error);
    cpu.events.takeNoted();
  }

  private long pushed(int word) {
    return machine.ram.read((int) cpu.r[CpuState.RSP] + word * 8, 8);
  }

  @Test
  void interruptGateTakesTheFlagAwayAndTrapGateDoesNot() {
    machine.gate(ExceptionVector.UD, 8, HANDLER, INTERRUPT_GATE, 0);
    long flags = cpu.rflags();
    raise(ExceptionVector.UD, 0);
    assertEquals(HANDLER, cpu.pc);
    assertEquals(STACK - 40, cpu.r[CpuState.RSP], "aligned to 16 bytes, then five words");
    assertEquals(0x1234, pushed(0));
    assertEquals(8, pushed(1));
    assertEquals(flags | FlagBits.RF, pushed(2), "RF, so that a breakpoint isn't met twice");
    assertEquals(STACK + 5, pushed(3));
    assertEquals(0x10, pushed(4));
    assertEquals(0, cpu.flags & (FlagBits.IF | FlagBits.TF | FlagBits.NT));
    start();
    machine.gate(ExceptionVector.UD, 8, HANDLER, TRAP_GATE, 0);
    raise(ExceptionVector.UD, 0);
    assertEquals(FlagBits.IF, cpu.flags & (FlagBits.IF | FlagBits.TF | FlagBits.NT));
  }

  @Test
  void errorCodeIsPushedLast() {
    machine.gate(ExceptionVector.GP, 8, HANDLER, INTERRUPT_GATE, 0);
    raise(ExceptionVector.GP, 0x1238);
    assertEquals(0x1238, pushed(0));
    assertEquals(0x1234, pushed(1));
  }

  @Test
  void outerLevelComesInOnTheStackOfItsTask() {
    machine.gate(ExceptionVector.PF, 8, HANDLER, INTERRUPT_GATE, 0);
    machine.level(3);
    assertThrows(CpuFault.class, () -> cpu.load8(0x40_0000_0000L));
    cpu.events.takeNoted();
    assertEquals(0x40_0000_0000L, cpu.cr2);
    assertEquals(0, cpu.cpl);
    assertEquals((OUTER_STACK & -16) - 48, cpu.r[CpuState.RSP]);
    assertEquals(0, cpu.selector[CpuState.SS], "a null selector of the new level");
    assertEquals(4, pushed(0), "a user's read of what isn't there");
    assertEquals(0x33, pushed(2));
    assertEquals(0x2B, pushed(5));
  }

  @Test
  void interruptStackTableIsTakenAtAnyLevel() {
    machine.ram.write(BareCpu.TASK + 36 + 2 * 8, 8, 0x4_0000);
    machine.gate(ExceptionVector.UD, 8, HANDLER, INTERRUPT_GATE, 3);
    raise(ExceptionVector.UD, 0);
    assertEquals(0x4_0000 - 40, cpu.r[CpuState.RSP]);
    assertEquals(0x10, cpu.selector[CpuState.SS], "the level stays, and so does the segment");
  }

  @Test
  void gatesThatCannotBeUsedRaiseOtherExceptions() {
    machine.gate(ExceptionVector.GP, 8, HANDLER, INTERRUPT_GATE, 0);
    machine.gate(ExceptionVector.NP, 8, HANDLER + 16, INTERRUPT_GATE, 0);
    // Not present, no gate, a code segment that is none, a null selector, an address that isn't canonical.
    machine.gate(ExceptionVector.UD, 8, HANDLER, 0x0E, 0);
    raise(ExceptionVector.UD, 0);
    assertEquals(HANDLER + 16, cpu.pc);
    assertEquals(ExceptionVector.UD * 8 + 2 + 1, pushed(0));
    refused(8, HANDLER, 0x8C, ExceptionVector.UD * 8 + 2 + 1);
    refused(0x10, HANDLER, INTERRUPT_GATE, 0x10 + 1);
    refused(0, HANDLER, INTERRUPT_GATE, 1);
    refused(0x58, HANDLER, INTERRUPT_GATE, 0x58 + 1);
    refused(0x60, HANDLER, INTERRUPT_GATE, 0x60 + 1);
    refused(8, 1L << 47, INTERRUPT_GATE, 1);
  }

  private void refused(int selector, long handler, int type, int error) {
    start();
    machine.gate(ExceptionVector.GP, 8, HANDLER, INTERRUPT_GATE, 0);
    machine.gate(ExceptionVector.UD, selector, handler, type, 0);
    raise(ExceptionVector.UD, 0);
    assertEquals(HANDLER, cpu.pc, "selector " + selector);
    assertEquals(error, pushed(0), "selector " + selector);
  }

  /** SDM volume 3, tables 7-4 and 7-5. */
  @Test
  void secondContributoryExceptionIsADoubleFaultAndAThirdEndsIt() {
    machine.gate(ExceptionVector.DF, 8, HANDLER, INTERRUPT_GATE, 0);
    machine.gate(ExceptionVector.GP, 0x10, HANDLER, INTERRUPT_GATE, 0);
    raise(ExceptionVector.GP, 0x55);
    assertEquals(HANDLER, cpu.pc);
    assertEquals(0, pushed(0));
    start();
    machine.gate(ExceptionVector.DF, 0x10, HANDLER, INTERRUPT_GATE, 0);
    raise(ExceptionVector.GP, 0);
    assertTrue(machine.events.stream().anyMatch(each -> each.contains("triple")), machine.events::toString);
  }

  @Test
  void pageFaultOfAStackIsADoubleFaultOfAPageFaultOnly() {
    machine.gate(ExceptionVector.DF, 8, HANDLER, INTERRUPT_GATE, 1);
    machine.gate(ExceptionVector.PF, 8, HANDLER + 16, INTERRUPT_GATE, 1);
    machine.gate(ExceptionVector.UD, 8, HANDLER + 32, INTERRUPT_GATE, 0);
    machine.gate(ExceptionVector.GP, 8, HANDLER + 48, INTERRUPT_GATE, 0);
    machine.ram.write(BareCpu.TASK + 36, 8, 0x4_0000);
    cpu.r[CpuState.RSP] = 0x40_0000_0000L;
    raise(ExceptionVector.UD, 0);
    assertEquals(HANDLER + 16, cpu.pc, "#UD is benign: the page fault is taken in its place");
    assertEquals(0x3F_FFFF_FFF8L, cpu.cr2);
    start();
    cpu.r[CpuState.RSP] = 0x40_0000_0000L;
    machine.ram.write(BareCpu.TASK + 36, 8, 0x4_0000);
    raise(ExceptionVector.GP, 7);
    assertEquals(HANDLER + 16, cpu.pc, "#GP, then a page fault: one after the other");
    start();
    machine.gate(ExceptionVector.PF, 8, HANDLER + 16, INTERRUPT_GATE, 0);
    machine.gate(ExceptionVector.DF, 8, HANDLER, INTERRUPT_GATE, 1);
    machine.ram.write(BareCpu.TASK + 36, 8, 0x4_0000);
    cpu.r[CpuState.RSP] = 0x40_0000_0000L;
    assertThrows(CpuFault.class, () -> cpu.load8(0x50_0000_0000L));
    cpu.events.takeNoted();
    assertEquals(HANDLER, cpu.pc, "a page fault of a page fault's delivery is double");
  }

  @Test
  void programMayUseGatesOfItsLevelOnly() {
    machine.gate(0x80, 8, HANDLER, INTERRUPT_GATE | 3 << 5, 0);
    machine.gate(0x81, 8, HANDLER, INTERRUPT_GATE, 0);
    machine.level(3);
    assertThrows(CpuFault.class, () -> cpu.events.software(0x81));
    assertEquals(ExceptionVector.GP, cpu.faultVector);
    assertEquals(0x81 * 8 + 2, cpu.faultError, "not external");
    cpu.events.software(0x80);
    assertEquals(HANDLER, cpu.pc);
    assertEquals(0, pushed(2) & FlagBits.RF);
  }

  @Test
  void tableThatEndsBeforeTheVectorIsAGeneralProtection() {
    machine.gate(ExceptionVector.GP, 8, HANDLER, INTERRUPT_GATE, 0);
    cpu.idtLimit = 0xFF;
    raise(ExceptionVector.AC, 0);
    assertEquals(HANDLER, cpu.pc);
    assertEquals(ExceptionVector.AC * 8 + 3, pushed(0));
  }
}
