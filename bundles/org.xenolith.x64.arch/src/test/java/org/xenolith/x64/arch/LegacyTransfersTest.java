// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.arch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Call gates, far transfers and interrupts of protected mode without IA-32e mode, and the stacks that they use (Intel SDM volume 2, CALL, RET, INT n). */
class LegacyTransfersTest {
  private static final int INNER_CODE = 0x08;
  private static final int INNER_STACK = 0x10;
  private static final int CODE = 0x1B;
  private static final int STACK = 0x23;
  private static final int GATE = 0x2B;
  private static final int SMALL_STACK = 0x30;
  private static final int SMALL_BASE = 0x4_0000;
  private static final int SMALL_LIMIT = 0x1FF;
  private final BareCpu machine = new BareCpu();
  private final Core cpu = machine.cpu;

  @BeforeEach
  void start() {
    descriptor(INNER_CODE, 0x00CF_9B00_0000_FFFFL);
    descriptor(INNER_STACK, 0x00CF_9300_0000_FFFFL);
    descriptor(CODE, 0x00CF_FB00_0000_FFFFL);
    descriptor(STACK, 0x00CF_F300_0000_FFFFL);
    // A call gate with a parameter.
    descriptor(GATE, 0x1234L | (long) INNER_CODE << 16 | 1L << 32 | 0xECL << 40);
    // 16 bits, with a limit.
    descriptor(SMALL_STACK, SMALL_LIMIT | (long) SMALL_BASE << 16 | 0x93L << 40);
    cpu.gdtBase = BareCpu.GDT;
    cpu.gdtLimit = 0x3F;
    cpu.idtBase = BareCpu.IDT;
    cpu.idtLimit = 0x7FF;
    machine.ram.write(BareCpu.IDT + 8 * ExceptionVector.UD, 8, 0x5678L | (long) INNER_CODE << 16 | 0xEEL << 40);
    cpu.segments.set(CpuState.TR, 0x38, BareCpu.TASK, 0x67, 0x8B);
    task(0x2_0000, INNER_STACK);
    cpu.cpl = 3;
    cpu.segments.set(CpuState.CS, CODE, 0, 0xFFFF_FFFFL, 0xC0FB);
    cpu.segments.set(CpuState.SS, STACK, 0, 0xFFFF_FFFFL, 0xC0F3);
    cpu.r[CpuState.RSP] = 0x3_0000;
    cpu.pc = 0x4321;
    machine.ram.write(0x3_0000, 4, 0xABCD);
    cpu.restored();
  }

  private void descriptor(int selector, long value) {
    machine.ram.write(BareCpu.GDT + (selector & ~7), 8, value);
  }

  private void task(int pointer, int selector) {
    machine.ram.write(BareCpu.TASK + 4, 4, pointer);
    machine.ram.write(BareCpu.TASK + 8, 4, selector);
  }

  private void refused(int vector, int error, Executable transfer) {
    assertThrows(CpuFault.class, transfer);
    assertEquals(vector, cpu.faultVector);
    assertEquals(error, cpu.faultError);
  }

  @Test
  void callGateCopiesParametersToTheInnerStack() {
    cpu.transfers.call(GATE, 0, 4);
    assertEquals(0x1234, cpu.pc);
    assertEquals(0x2_0000 - 20, cpu.r[CpuState.RSP]);
    long[] words = {0x4321, CODE, 0xABCD, 0x3_0000, STACK};
    for (int i = 0; i < words.length; i++) {
      assertEquals(words[i], machine.ram.read(0x2_0000 - 20 + 4 * i, 4));
    }
  }

  @Test
  void callGateOfSixteenBitsPushesWords() {
    descriptor(GATE, 0x1234L | (long) INNER_CODE << 16 | 0xE4L << 40);
    cpu.transfers.call(GATE, 0, 4);
    assertEquals(0x1234, cpu.pc);
    assertEquals(0x2_0000 - 8, cpu.r[CpuState.RSP]);
    assertEquals(0x4321, machine.ram.read(0x2_0000 - 8, 2));
  }

  @Test
  void innerStackOfSixteenBitsUsesSixteenBits() {
    task(0xFFFF_0100, SMALL_STACK);
    cpu.transfers.call(GATE, 0, 4);
    assertEquals(0x100 - 20, cpu.r[CpuState.RSP] & 0xFFFF);
    assertEquals(0x4321, machine.ram.read(SMALL_BASE + 0x100 - 20, 4));
  }

  @Test
  void taskStateSegmentOfSixteenBitsHasItsOwnFormat() {
    cpu.segments.set(CpuState.TR, 0x38, BareCpu.TASK, 0x2B, 0x83);
    machine.ram.write(BareCpu.TASK + 2, 2, 0x180);
    machine.ram.write(BareCpu.TASK + 4, 2, SMALL_STACK);
    cpu.transfers.call(GATE, 0, 4);
    assertEquals(0x180 - 20, cpu.r[CpuState.RSP] & 0xFFFF);
  }

  @Test
  void innerStackWithoutRoomIsAStackFaultOfItsSelector() {
    task(SMALL_LIMIT + 3, SMALL_STACK);
    refused(ExceptionVector.SS, SMALL_STACK, () -> cpu.transfers.call(GATE, 0, 4));
    refused(ExceptionVector.SS, SMALL_STACK, () -> cpu.events.software(ExceptionVector.UD));
    assertEquals(0x3_0000, cpu.r[CpuState.RSP]);
  }

  @Test
  void transfersOfOneLevelHeedTheLimitOfTheStack() {
    cpu.cpl = 0;
    cpu.segments.set(CpuState.CS, INNER_CODE, 0, 0xFFFF_FFFFL, 0xC09B);
    cpu.segments.set(CpuState.SS, SMALL_STACK, SMALL_BASE, SMALL_LIMIT, 0x93);
    cpu.restored();
    cpu.r[CpuState.RSP] = SMALL_LIMIT - 1;
    refused(ExceptionVector.SS, 0, () -> cpu.transfers.ret(4, 0));
    refused(ExceptionVector.SS, 0, () -> cpu.transfers.interruptReturn(4));
    cpu.r[CpuState.RSP] = SMALL_LIMIT + 5;
    refused(ExceptionVector.SS, 0, () -> cpu.transfers.call(INNER_CODE, 0x1000, 4));
    // Both words end at the limit.
    cpu.r[CpuState.RSP] = SMALL_LIMIT + 1;
    cpu.transfers.call(INNER_CODE, 0x1000, 4);
    assertEquals(0x4321, machine.ram.read(SMALL_BASE + SMALL_LIMIT - 7, 4));
    assertEquals(0x1000, cpu.pc);
  }

  @Test
  void interruptHeedsTheLimitOfTheStack() {
    cpu.cpl = 0;
    cpu.segments.set(CpuState.CS, INNER_CODE, 0, 0xFFFF_FFFFL, 0xC09B);
    cpu.segments.set(CpuState.SS, SMALL_STACK, SMALL_BASE, SMALL_LIMIT, 0x93);
    cpu.restored();
    cpu.r[CpuState.RSP] = SMALL_LIMIT + 2;
    refused(ExceptionVector.SS, 0, () -> cpu.events.software(ExceptionVector.UD));
    cpu.r[CpuState.RSP] = SMALL_LIMIT + 1;
    cpu.events.software(ExceptionVector.UD);
    assertEquals(0x5678, cpu.pc);
    assertEquals(SMALL_LIMIT + 1 - 12, cpu.r[CpuState.RSP]);
  }
}
