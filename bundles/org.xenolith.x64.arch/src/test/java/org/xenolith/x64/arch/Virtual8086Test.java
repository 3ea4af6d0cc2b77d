// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.arch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.xenolith.x64.isa.DecodeMode;

/** Virtual-8086 mode: the ways in and out, and what asks for IOPL there (Intel SDM volume 3, chapter 22). */
class Virtual8086Test {
  private static final int CODE = 0x08;
  private static final int STACK = 0x10;
  private final BareCpu machine = new BareCpu();
  private final Core cpu = machine.cpu;

  @BeforeEach
  void start() {
    machine.ram.write(BareCpu.GDT + CODE, 8, 0x00CF_9B00_0000_FFFFL);
    machine.ram.write(BareCpu.GDT + STACK, 8, 0x00CF_9300_0000_FFFFL);
    machine.ram.write(BareCpu.GDT + 0x18, 8, 0x00CF_FB00_0000_FFFFL);
    cpu.gdtBase = BareCpu.GDT;
    cpu.gdtLimit = 0x1F;
    cpu.idtBase = BareCpu.IDT;
    cpu.idtLimit = 0x7FF;
    for (int vector = 0; vector < 64; vector++) {
      machine.ram.write(BareCpu.IDT + 8 * vector, 8, 0x7000L + vector | (long) CODE << 16 | 0xEEL << 40);
    }
    cpu.segments.set(CpuState.TR, 0x38, BareCpu.TASK, 0x67, 0x8B);
    machine.ram.write(BareCpu.TASK + 4, 4, 0x2_0000);
    machine.ram.write(BareCpu.TASK + 8, 4, STACK);
    cpu.cpl = 0;
    cpu.segments.set(CpuState.CS, CODE, 0, 0xFFFF_FFFFL, 0xC09B);
    cpu.segments.set(CpuState.SS, STACK, 0, 0xFFFF_FFFFL, 0xC093);
    cpu.restored();
  }

  private void enter(int level) {
    int[] words = {0x1234, 0x5000, FlagBits.VM | FlagBits.FIXED | level << 12, 0x4_FFF0, 0x3000, 0x1001, 0x1002, 0x1003, 0x1004};
    for (int i = 0; i < words.length; i++) {
      machine.ram.write(0x1_0000 + 4 * i, 4, words[i]);
    }
    cpu.r[CpuState.RSP] = 0x1_0000;
    cpu.transfers.interruptReturn(4);
  }

  private void refused(Executable instruction) {
    assertThrows(CpuFault.class, instruction);
    assertEquals(ExceptionVector.GP, cpu.faultVector);
    assertEquals(0, cpu.faultError);
  }

  @Test
  void iretEntersIt() {
    enter(0);
    assertEquals(DecodeMode.REAL, cpu.mode);
    assertEquals(3, cpu.cpl);
    assertEquals(0x1234, cpu.pc);
    assertEquals(0x5_1234, cpu.linear(cpu.pc));
    assertEquals(0x4_FFF0, cpu.r[CpuState.RSP]);
    assertEquals(0x3_FFF0, cpu.stackAddress(cpu.r[CpuState.RSP]));
    assertEquals(0x1_0010, cpu.base[CpuState.ES]);
    assertEquals(0x1_0020, cpu.base[CpuState.DS]);
    assertEquals(0x1_0030, cpu.base[CpuState.FS]);
    assertEquals(0x1_0040, cpu.base[CpuState.GS]);
    assertEquals(0xFFFF, cpu.limit[CpuState.DS]);
    cpu.segments.load(CpuState.DS, 0x2222);
    assertEquals(0x2_2220, cpu.base[CpuState.DS]);
  }

  @Test
  void anEventLeavesItWithItsSegmentsOnTheStack() {
    enter(0);
    cpu.fault(ExceptionVector.UD);
    cpu.events.takeNoted();
    assertEquals(0x7000 + ExceptionVector.UD, cpu.pc);
    assertEquals(0, cpu.cpl);
    assertEquals(DecodeMode.PROTECTED_32, cpu.mode);
    assertEquals(0, cpu.flags & FlagBits.VM);
    long[] words = {0x1234, 0x5000, FlagBits.VM | FlagBits.RF | FlagBits.FIXED, 0x4_FFF0, 0x3000, 0x1001, 0x1002, 0x1003, 0x1004};
    assertEquals(0x2_0000 - 4 * words.length, cpu.r[CpuState.RSP]);
    for (int i = 0; i < words.length; i++) {
      assertEquals(words[i], machine.ram.read((int) cpu.r[CpuState.RSP] + 4 * i, 4));
    }
    for (int segment : new int[] {CpuState.ES, CpuState.DS, CpuState.FS, CpuState.GS}) {
      assertEquals(0, cpu.selector[segment]);
      assertEquals(0, cpu.attributes[segment]);
    }
    cpu.transfers.interruptReturn(4);
    assertEquals(0x5_1234, cpu.linear(cpu.pc));
  }

  @Test
  void aHandlerOfAnotherLevelIsRefused() {
    enter(0);
    machine.ram.write(BareCpu.IDT + 8 * ExceptionVector.UD, 8, 0x7000L | 0x18L << 16 | 0xEEL << 40);
    cpu.fault(ExceptionVector.UD);
    cpu.events.takeNoted();
    assertEquals(0x7000 + ExceptionVector.GP, cpu.pc);
    assertEquals(0x19, machine.ram.read((int) cpu.r[CpuState.RSP], 4));
  }

  @Test
  void interruptsAndReturnsAskForIopl() {
    enter(2);
    refused(() -> cpu.events.called(0x21));
    refused(() -> cpu.transfers.interruptReturn(2));
    assertEquals(0x1234, cpu.pc);
    machine.reset();
    start();
    enter(3);
    cpu.events.called(0x21);
    assertEquals(0x7021, cpu.pc);
    machine.reset();
    start();
    enter(3);
    machine.ram.write(0x3_FFF0, 4, 0x2000_0100);
    machine.ram.write(0x3_FFF4, 2, FlagBits.CF | FlagBits.IF);
    cpu.transfers.interruptReturn(2);
    assertEquals(0x100, cpu.pc);
    assertEquals(0x2000, cpu.selector[CpuState.CS]);
    assertEquals(FlagBits.VM | 3 << 12 | FlagBits.FIXED | FlagBits.CF | FlagBits.IF, cpu.rflags());
    assertEquals(DecodeMode.REAL, cpu.mode);
  }

  @Test
  void anInterruptOfAnInstructionWithoutANumberIsForAnyIopl() {
    enter(0);
    cpu.events.software(ExceptionVector.BP);
    assertEquals(0x7003, cpu.pc);
  }

  @Test
  void portsAreWhatTheBitmapSaysWhateverIopl() {
    machine.ram.write(BareCpu.TASK + 0x66, 2, 0xFFFF);
    enter(3);
    refused(() -> cpu.ports.check(0x80, 1));
    machine.ram.write(BareCpu.TASK + 0x66, 2, 0x40);
    cpu.ports.check(0x80, 1);
  }

  @Test
  void aTaskMayBeOneOfVirtual8086Mode() {
    int task = BareCpu.TASK + 0x100;
    machine.ram.write(BareCpu.GDT + 0x18, 8, 0x67L | (long) task << 16 | 0x89L << 40);
    machine.ram.write(task + 0x20, 4, 0x1234);
    machine.ram.write(task + 0x24, 4, FlagBits.VM | FlagBits.FIXED);
    machine.ram.write(task + 0x4C, 2, 0x4200);
    machine.ram.write(task + 0x54, 2, 0x1234);
    cpu.transfers.jump(0x18, 0);
    assertEquals(0x4_3234, cpu.linear(cpu.pc));
    assertEquals(0x1_2340, cpu.base[CpuState.DS]);
    assertEquals(3, cpu.cpl);
    assertEquals(DecodeMode.REAL, cpu.mode);
  }
}
