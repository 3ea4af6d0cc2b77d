// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.arch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Task switches by jumps, calls, events and IRET (Intel SDM volume 3, chapter 9). */
class TaskSwitchTest {
  private static final int CODE = 0x08;
  private static final int STACK = 0x10;
  private static final int USER_CODE = 0x1B;
  private static final int USER_STACK = 0x23;
  private static final int OLD = 0x28;
  private static final int NEW = 0x30;
  private static final int GATE = 0x38;
  private static final int TABLE = 0x40;
  private static final int NARROW = 0x48;
  private static final int ABSENT = 0x50;
  private static final int OLD_TASK = BareCpu.TASK;
  private static final int NEW_TASK = BareCpu.TASK + 0x100;
  private static final int NARROW_TASK = BareCpu.TASK + 0x200;
  private static final int LOCAL = 0xB000;
  private static final int BUSY = 2;
  private static final int ERROR = 0x1234 & 0xFFFC;

  private final BareCpu machine = new BareCpu();
  private final Core cpu = machine.cpu;

  @BeforeEach
  void start() {
    descriptor(CODE, 0x00CF_9B00_0000_FFFFL);
    descriptor(STACK, 0x00CF_9300_0000_FFFFL);
    descriptor(USER_CODE, 0x00CF_FB00_0000_FFFFL);
    descriptor(USER_STACK, 0x00CF_F300_0000_FFFFL);
    descriptor(OLD, 0x67L | (long) OLD_TASK << 16 | 0x8BL << 40);
    descriptor(NEW, 0x67L | (long) NEW_TASK << 16 | 0x89L << 40);
    descriptor(GATE, (long) NEW << 16 | 0x85L << 40);
    descriptor(TABLE, 0x17L | (long) LOCAL << 16 | 0x82L << 40);
    descriptor(NARROW, 0x2BL | (long) NARROW_TASK << 16 | 0x81L << 40);
    descriptor(ABSENT, 0x00CF_1300_0000_FFFFL);
    machine.ram.write(LOCAL + 0x10, 8, 0x00CF_9300_1000_FFFFL);
    cpu.gdtBase = BareCpu.GDT;
    cpu.gdtLimit = 0x57;
    cpu.idtBase = BareCpu.IDT;
    cpu.idtLimit = 0x7FF;
    cpu.cpl = 0;
    cpu.segments.set(CpuState.TR, OLD, OLD_TASK, 0x67, 0x8B);
    cpu.segments.set(CpuState.CS, CODE, 0, 0xFFFF_FFFFL, 0xC09B);
    cpu.segments.set(CpuState.SS, STACK, 0, 0xFFFF_FFFFL, 0xC093);
    cpu.r[CpuState.RSP] = 0x3_0000;
    cpu.r[CpuState.RAX] = 0x1111_2222;
    cpu.r[CpuState.RDI] = 0x3333;
    cpu.rflags(FlagBits.FIXED | FlagBits.CF);
    cpu.pc = 0x4321;
    task(0x5678, FlagBits.FIXED | FlagBits.ZF, CODE, STACK);
    cpu.restored();
  }

  private void descriptor(int selector, long value) {
    machine.ram.write(BareCpu.GDT + (selector & ~7), 8, value);
  }

  private void word(int offset, long value) {
    machine.ram.write(NEW_TASK + offset, 4, value);
  }

  private void task(int pc, int flags, int code, int data) {
    word(0x20, pc);
    word(0x24, flags);
    for (int i = 0; i < 8; i++) {
      word(0x28 + 4 * i, 0x100 + i);
    }
    word(0x38, 0x2_0000);
    for (int i = 0; i < 6; i++) {
      word(0x48 + 4 * i, data);
    }
    word(0x4C, code);
    word(0x60, TABLE);
  }

  private long old(int offset, int size) {
    return machine.ram.read(OLD_TASK + offset, size);
  }

  private boolean busy(int selector) {
    return (machine.ram.read(BareCpu.GDT + selector + 5, 1) & BUSY) != 0;
  }

  private void gate(int vector, long descriptor) {
    machine.ram.write(BareCpu.IDT + 8 * vector, 8, descriptor);
  }

  /** An exception of the instruction: nothing has changed. */
  private void refused(int vector, int error, Executable transfer) {
    assertThrows(CpuFault.class, transfer);
    assertEquals(vector, cpu.faultVector);
    assertEquals(error, cpu.faultError);
    assertEquals(OLD, cpu.selector[CpuState.TR]);
    assertEquals(0x4321, cpu.pc);
    assertTrue(busy(OLD));
    assertEquals(0, old(0x20, 4));
  }

  /** The handler of a vector, at level 0, which finds an error code and where it came from. */
  private void metBy(int vector, long error, long from) {
    assertEquals(0x7000 + vector, cpu.pc);
    long stack = cpu.r[CpuState.RSP];
    assertEquals(error, machine.ram.read((int) stack, 4), "error code");
    assertEquals(from, machine.ram.read((int) stack + 4, 4), "RIP");
  }

  private void handlers() {
    for (int vector = 0; vector < 20; vector++) {
      gate(vector, 0x7000L + vector | (long) CODE << 16 | 0x8EL << 40);
    }
  }

  @Test
  void aJumpLeavesOneTaskForAnother() {
    cpu.dr[7] = 0x3;
    cpu.transfers.jump(NEW, 0);
    assertEquals(0x5678, cpu.pc);
    for (int i = 0; i < 8; i++) {
      assertEquals(i == CpuState.RSP ? 0x2_0000 : 0x100 + i, cpu.r[i]);
    }
    assertEquals(FlagBits.FIXED | FlagBits.ZF, cpu.rflags());
    assertEquals(NEW, cpu.selector[CpuState.TR]);
    assertEquals(NEW_TASK, cpu.base[CpuState.TR]);
    assertEquals(TABLE, cpu.selector[CpuState.LDTR]);
    assertEquals(LOCAL, cpu.base[CpuState.LDTR]);
    assertEquals(STACK, cpu.selector[CpuState.GS]);
    assertEquals(ControlBits.TS, cpu.cr0 & ControlBits.TS);
    assertTrue(cpu.sseTrapped);
    assertEquals(2, cpu.dr[7]);
    assertEquals(0x4321, old(0x20, 4));
    assertEquals(FlagBits.FIXED | FlagBits.CF, old(0x24, 4));
    assertEquals(0x1111_2222, old(0x28, 4));
    assertEquals(0x3_0000, old(0x38, 4));
    assertEquals(0x3333, old(0x44, 4));
    assertEquals(CODE, old(0x4C, 2));
    assertEquals(STACK, old(0x50, 2));
    assertTrue(busy(NEW));
    assertTrue(!busy(OLD));
    assertEquals(0, machine.ram.read(NEW_TASK, 2));
  }

  @Test
  void aCallNestsAndIretComesBack() {
    cpu.transfers.call(GATE, 0, 4);
    assertEquals(0x5678, cpu.pc);
    assertEquals(FlagBits.FIXED | FlagBits.ZF | FlagBits.NT, cpu.rflags());
    assertEquals(OLD, machine.ram.read(NEW_TASK, 2));
    assertTrue(busy(OLD) && busy(NEW));
    cpu.pc = 0x5700;
    cpu.transfers.interruptReturn(4);
    assertEquals(0x4321, cpu.pc);
    assertEquals(0x1111_2222, cpu.r[CpuState.RAX]);
    assertEquals(FlagBits.FIXED | FlagBits.CF, cpu.rflags());
    assertEquals(OLD, cpu.selector[CpuState.TR]);
    assertTrue(busy(OLD) && !busy(NEW));
    assertEquals(0x5700, machine.ram.read(NEW_TASK + 0x20, 4));
    assertEquals(FlagBits.FIXED | FlagBits.ZF, machine.ram.read(NEW_TASK + 0x24, 4));
  }

  @Test
  void anExceptionByATaskGateHasItsErrorCodeOnTheNewStack() {
    gate(ExceptionVector.GP, (long) NEW << 16 | 0x85L << 40);
    cpu.fault(ExceptionVector.GP, ERROR);
    cpu.events.takeNoted();
    assertEquals(0x5678, cpu.pc);
    assertEquals(0x2_0000 - 4, cpu.r[CpuState.RSP]);
    assertEquals(ERROR, machine.ram.read(0x2_0000 - 4, 4));
    assertEquals(0x4321, old(0x20, 4));
    assertEquals(FlagBits.FIXED | FlagBits.CF | FlagBits.RF, old(0x24, 4));
    assertEquals(FlagBits.NT, cpu.rflags() & FlagBits.NT);
  }

  @Test
  void aTaskGateOfIntNIsForItsLevels() {
    gate(0x20, (long) NEW << 16 | 0x85L << 40);
    level3();
    refused(ExceptionVector.GP, 0x20 * 8 + 2, () -> cpu.events.software(0x20));
    gate(0x20, (long) NEW << 16 | 0xE5L << 40);
    cpu.events.software(0x20);
    assertEquals(0x5678, cpu.pc);
    assertEquals(0, cpu.cpl);
    assertEquals(0x2_0000, cpu.r[CpuState.RSP]);
  }

  private void level3() {
    cpu.cpl = 3;
    cpu.segments.set(CpuState.CS, USER_CODE, 0, 0xFFFF_FFFFL, 0xC0FB);
    cpu.segments.set(CpuState.SS, USER_STACK, 0, 0xFFFF_FFFFL, 0xC0F3);
    cpu.restored();
  }

  @Test
  void whatIsWrongWithTheNewTasksSegmentIsTheInstructionsException() {
    level3();
    refused(ExceptionVector.GP, NEW, () -> cpu.transfers.jump(NEW, 0));
    refused(ExceptionVector.GP, GATE, () -> cpu.transfers.jump(GATE, 0));
    start();
    descriptor(NEW, 0x67L | (long) NEW_TASK << 16 | 0x8BL << 40);
    refused(ExceptionVector.GP, NEW, () -> cpu.transfers.call(NEW, 0, 4));
    refused(ExceptionVector.GP, NEW, () -> cpu.transfers.call(GATE, 0, 4));
    descriptor(NEW, 0x67L | (long) NEW_TASK << 16 | 0x09L << 40);
    refused(ExceptionVector.NP, NEW, () -> cpu.transfers.call(NEW, 0, 4));
    descriptor(NEW, 0x66L | (long) NEW_TASK << 16 | 0x89L << 40);
    refused(ExceptionVector.TS, NEW, () -> cpu.transfers.call(NEW, 0, 4));
    descriptor(GATE, (long) (NEW | 4) << 16 | 0x85L << 40);
    refused(ExceptionVector.GP, NEW | 4, () -> cpu.transfers.call(GATE, 0, 4));
    descriptor(GATE, (long) NEW << 16 | 0x05L << 40);
    refused(ExceptionVector.NP, GATE, () -> cpu.transfers.call(GATE, 0, 4));
    gate(0x20, (long) 0x200 << 16 | 0x85L << 40);
    refused(ExceptionVector.GP, 0x200, () -> cpu.events.software(0x20));
  }

  @Test
  void iretWantsTheBusyTaskThatItIsNestedIn() {
    cpu.flags |= FlagBits.NT;
    machine.ram.write(OLD_TASK, 2, NEW);
    refused(ExceptionVector.TS, NEW, () -> cpu.transfers.interruptReturn(4));
    machine.ram.write(OLD_TASK, 2, CODE);
    refused(ExceptionVector.TS, CODE, () -> cpu.transfers.interruptReturn(4));
    machine.ram.write(OLD_TASK, 2, 0x1F8);
    refused(ExceptionVector.TS, 0x1F8, () -> cpu.transfers.interruptReturn(4));
  }

  @Test
  void whatTheNewTasksSegmentNamesIsTheNewTasksException() {
    int[][] wrong = {{0x60, CODE, ExceptionVector.TS, CODE}, {0x4C, 0, ExceptionVector.TS, 0}, {0x4C, STACK, ExceptionVector.TS, STACK}, {
        0x4C, CODE | 3,
        ExceptionVector.TS, CODE}, {0x50, 0, ExceptionVector.TS, 0}, {0x50, USER_STACK, ExceptionVector.TS, USER_STACK & ~3}, {0x50, ABSENT,
            ExceptionVector.SS,
            ABSENT}, {0x54, OLD, ExceptionVector.TS, OLD}, {0x54, ABSENT, ExceptionVector.NP, ABSENT}, {0x5C, 0x1F8, ExceptionVector.TS,
                0x1F8}, {0x48,
                    0x1C, ExceptionVector.TS, 0x1C}};
    for (int[] one : wrong) {
      machine.reset();
      start();
      handlers();
      // Its handler has a stack, whatever became of SS.
      word(4, 0x1_8000);
      word(8, STACK);
      word(one[0], one[1]);
      cpu.transfers.jump(NEW, 0);
      assertEquals(NEW, cpu.selector[CpuState.TR]);
      assertEquals(0x4321, old(0x20, 4));
      if (one[0] == 0x48 || one[0] == 0x54 || one[0] == 0x5C || one[1] == (CODE | 3)) {
        metBy(one[2], one[3], 0x5678);
      } else {
        // Without a stack there is no handler: the second exception is that of the first one's delivery.
        assertTrue(machine.events.toString().contains("triple-fault"), machine.events.toString());
      }
    }
  }

  @Test
  void aDescriptorOfTheNewTasksLocalTableIsFound() {
    word(0x54, 0x14);
    cpu.transfers.jump(NEW, 0);
    assertEquals(0x1000, cpu.base[CpuState.DS]);
  }

  @Test
  void aPointerBeyondTheCodeIsTheNewTasksException() {
    handlers();
    descriptor(CODE, 0x0040_9B00_0000_7FFFL);
    word(0x20, 0x8000);
    cpu.transfers.jump(NEW, 0);
    metBy(ExceptionVector.GP, 0, 0x8000);
  }

  @Test
  void theTrapFlagOfATaskIsADebugException() {
    gate(ExceptionVector.DB, 0x7001L | (long) CODE << 16 | 0x8EL << 40);
    word(0x64, 1);
    cpu.transfers.jump(NEW, 0);
    assertEquals(0x7001, cpu.pc);
    assertEquals(0x5678, machine.ram.read((int) cpu.r[CpuState.RSP], 4));
    assertEquals(0x8000, cpu.controls.debug(6) & 0xE00F);
  }

  @Test
  void aTaskOfSixteenBitsHasItsOwnFormat() {
    machine.ram.write(NARROW_TASK + 0x0E, 2, 0x5678);
    machine.ram.write(NARROW_TASK + 0x10, 2, FlagBits.FIXED);
    machine.ram.write(NARROW_TASK + 0x12, 2, 0xABCD);
    machine.ram.write(NARROW_TASK + 0x1A, 2, 0x8000);
    for (int i = 0; i < 4; i++) {
      machine.ram.write(NARROW_TASK + 0x22 + 2 * i, 2, i == 1 ? CODE : STACK);
    }
    cpu.flags |= FlagBits.AC;
    cpu.transfers.call(NARROW, 0, 4);
    assertEquals(0x5678, cpu.pc);
    assertEquals(0xABCD, cpu.r[CpuState.RAX] & 0xFFFF);
    assertEquals(FlagBits.FIXED | FlagBits.NT, cpu.rflags());
    assertEquals(0, cpu.selector[CpuState.FS]);
    assertEquals(0, cpu.attributes[CpuState.GS]);
    assertEquals(OLD, machine.ram.read(NARROW_TASK, 2));
    cpu.pc = 0x5700;
    cpu.transfers.interruptReturn(4);
    assertEquals(0x4321, cpu.pc);
    assertEquals(0x5700, machine.ram.read(NARROW_TASK + 0x0E, 2));
    assertEquals(0xABCD, machine.ram.read(NARROW_TASK + 0x12, 2));
    assertEquals(CODE, machine.ram.read(NARROW_TASK + 0x24, 2));
    assertEquals(FlagBits.AC, cpu.rflags() & FlagBits.AC);
  }

  @Test
  void aTaskHasItsOwnPages() {
    // Large pages of 32-bit paging: the new task sees the second four mebibytes' numbers in the first.
    machine.ram.write(0x1000, 4, 0x83);
    machine.ram.write(0x2000, 4, 0x83);
    machine.ram.write(0x2004, 4, 0x83);
    word(0x1C, 0x2000);
    cpu.cr3 = 0x1000;
    cpu.cr4 = ControlBits.PSE;
    cpu.cr0 |= ControlBits.PG;
    cpu.restored();
    machine.ram.write(OLD_TASK + 0x1C, 4, 0x1018);
    cpu.transfers.call(NEW, 0, 4);
    assertEquals(0x2000, cpu.cr3);
    machine.ram.write(0x6000, 4, 0x99);
    assertEquals(0x99, cpu.load32(0x40_6000));
    cpu.transfers.interruptReturn(4);
    assertEquals(0x1018, cpu.cr3, "CR3 is read from a task's segment");
    assertEquals(0x2000, machine.ram.read(NEW_TASK + 0x1C, 4), "and never stored there");
  }

  @Test
  void anEventOfATaskThatIsNotThereIsAGeneralProtectionWithExt() {
    handlers();
    gate(ExceptionVector.UD, (long) OLD << 16 | 0x85L << 40);
    cpu.fault(ExceptionVector.UD);
    cpu.events.takeNoted();
    metBy(ExceptionVector.GP, OLD | 1, 0x4321);
  }
}
