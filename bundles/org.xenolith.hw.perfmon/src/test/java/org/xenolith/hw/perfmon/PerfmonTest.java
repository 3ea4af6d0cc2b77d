// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.perfmon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.regs.StateRecord;
import org.xenolith.testkit.FakeContext;
import org.xenolith.x64.api.MsrFault;
import org.xenolith.x64.api.PerformanceMonitor;

class PerfmonTest {
  private static final int PMC0 = 0xC1;
  private static final int SELECT0 = 0x186;
  private static final int FIXED0 = 0x309;
  private static final int CAPABILITIES = 0x345;
  private static final int FIXED_CONTROL = 0x38D;
  private static final int STATUS = 0x38E;
  private static final int GLOBAL = 0x38F;
  private static final int CLEAR = 0x390;
  private static final int WHOLE0 = 0x4C1;
  private static final long CYCLES = 0x3C;
  private static final long REFERENCE = 0x13C;
  private static final long INSTRUCTIONS = 0xC0;
  private static final long BRANCHES = 0xC4;
  private static final long USER = 1 << 16;
  private static final long KERNEL = 1 << 17;
  private static final long INTERRUPT = 1 << 20;
  private static final long ENABLED = 1 << 22;
  private static final long ALL = 0xFFFF_FFFF_FFFFL;

  private FakeContext context;
  private DeviceModel model;
  private CountedX64Cpu cpu;

  @BeforeEach
  void start() {
    context = new FakeContext(PerfmonBench.node().build(), 2);
    model = context.create(PerfmonBench.factory());
    cpu = context.cpus().get(0).as(CountedX64Cpu.class);
  }

  private void refused(int msr, long value) {
    assertThrows(MsrFault.class, () -> cpu.wrmsr(msr, value), () -> "WRMSR 0x%x = 0x%x".formatted(msr, value));
  }

  private void advance(long nanoseconds) {
    context.clock().advance(nanoseconds);
  }

  // ---- What is there

  @Test
  void cpuidTellsOfVersionTwoAndOfWhatIsCounted() {
    PerformanceMonitor monitor = cpu.claimedMonitor();
    assertEquals(2 | 4 << 8 | 48 << 16 | 7 << 24, monitor.cpuidEax());
    assertEquals(0b1011000, monitor.cpuidEbx(), "caches and mispredicted branches are absent");
    assertEquals(3 | 48 << 5, monitor.cpuidEdx());
    assertTrue(monitor.capabilities());
    assertEquals(1 << 13, cpu.rdmsr(CAPABILITIES), "counters are written in full width");
    refused(CAPABILITIES, 0);
  }

  @Test
  void afterResetTheGeneralCountersAreOnGlobally() {
    assertEquals(0xF, cpu.rdmsr(GLOBAL));
    assertEquals(0, cpu.rdmsr(FIXED_CONTROL));
    assertEquals(0, cpu.rdmsr(STATUS));
    assertEquals(0, cpu.watched());
  }

  @Test
  void reservedBitsAreRefused() {
    refused(SELECT0, 1 << 21);
    refused(SELECT0, 1L << 32);
    refused(FIXED_CONTROL, 1 << 2);
    refused(FIXED_CONTROL, 1 << 12);
    refused(GLOBAL, 1 << 4);
    refused(GLOBAL, 1L << 35);
    refused(CLEAR, 1L << 35);
    refused(STATUS, 0);
    refused(WHOLE0, 1L << 48);
    refused(FIXED0, 1L << 48);
    cpu.wrmsr(GLOBAL, 0x7_0000_000FL);
    cpu.wrmsr(FIXED_CONTROL, 0xBBB);
    cpu.wrmsr(CLEAR, 0xC000_0007_0000_000FL);
    assertEquals(0, cpu.rdmsr(CLEAR));
  }

  @Test
  void aCounterIsWrittenWithTheSignOf32BitsOrWhole() {
    cpu.wrmsr(PMC0, 0x1_8000_0000L);
    assertEquals(0xFFFF_8000_0000L, cpu.rdmsr(PMC0));
    cpu.wrmsr(PMC0, 0x7FFF_FFFF);
    assertEquals(0x7FFF_FFFF, cpu.rdmsr(WHOLE0));
    cpu.wrmsr(WHOLE0 + 3, 0x1234_5678_9ABCL);
    assertEquals(0x1234_5678_9ABCL, cpu.rdmsr(PMC0 + 3));
  }

  @Test
  void rdpmcFindsGeneralCountersAndThoseOfFixedFunction() {
    cpu.wrmsr(WHOLE0 + 2, 22);
    cpu.wrmsr(FIXED0 + 1, 11);
    assertEquals(22, cpu.claimedMonitor().counter(2));
    assertEquals(11, cpu.claimedMonitor().counter(1 << 30 | 1));
    for (int select : new int[] {4, 1 << 30 | 3, 1 << 31, -1, 1 << 29}) {
      assertThrows(MsrFault.class, () -> cpu.claimedMonitor().counter(select), () -> Integer.toHexString(select));
    }
  }

  // ---- What is counted

  @Test
  void instructionsCyclesAndReferenceCyclesAreCounted() {
    cpu.wrmsr(SELECT0, INSTRUCTIONS | USER | KERNEL | ENABLED);
    cpu.wrmsr(SELECT0 + 1, CYCLES | USER | KERNEL | ENABLED);
    cpu.wrmsr(SELECT0 + 2, REFERENCE | USER | KERNEL | ENABLED);
    cpu.wrmsr(SELECT0 + 3, 0xC5 | USER | KERNEL | ENABLED);
    cpu.wrmsr(FIXED_CONTROL, 0x333);
    cpu.wrmsr(GLOBAL, 0x7_0000_000FL);
    cpu.retire(70);
    advance(100);
    assertEquals(70, cpu.rdmsr(PMC0));
    assertEquals(100, cpu.rdmsr(PMC0 + 1));
    assertEquals(300, cpu.rdmsr(PMC0 + 2), "at the rate of the time-stamp counter");
    assertEquals(0, cpu.rdmsr(PMC0 + 3), "an event that isn't there");
    assertEquals(70, cpu.rdmsr(FIXED0));
    assertEquals(100, cpu.rdmsr(FIXED0 + 1));
    assertEquals(300, cpu.rdmsr(FIXED0 + 2));
    assertEquals(0, context.cpus().get(1).as(CountedX64Cpu.class).rdmsr(PMC0), "the other CPU's");
  }

  @Test
  void nothingIsCountedThatIsOff() {
    cpu.wrmsr(SELECT0, INSTRUCTIONS | USER | KERNEL);
    cpu.wrmsr(SELECT0 + 1, INSTRUCTIONS | USER | KERNEL | ENABLED);
    cpu.wrmsr(FIXED_CONTROL, 0x033);
    cpu.wrmsr(GLOBAL, 0x6_0000_0001L);
    cpu.retire(70);
    assertEquals(0, cpu.rdmsr(PMC0), "not enabled");
    assertEquals(0, cpu.rdmsr(PMC0 + 1), "not enabled globally");
    assertEquals(0, cpu.rdmsr(FIXED0), "not enabled globally");
    advance(5);
    assertEquals(5, cpu.rdmsr(FIXED0 + 1));
    assertEquals(0, cpu.rdmsr(FIXED0 + 2), "at no level");
  }

  @Test
  void edgesAndMasksOfCountsCountNothing() {
    for (long how : new long[] {1 << 18, 1 << 23, 1 << 24}) {
      cpu.wrmsr(SELECT0, INSTRUCTIONS | USER | KERNEL | ENABLED | how);
      cpu.retire(10);
      assertEquals(0, cpu.rdmsr(PMC0));
      assertEquals(0, cpu.watched());
    }
  }

  @Test
  void levelsAreToldApart() {
    cpu.wrmsr(SELECT0, INSTRUCTIONS | USER | ENABLED);
    cpu.wrmsr(SELECT0 + 1, INSTRUCTIONS | KERNEL | ENABLED);
    assertEquals(PerformanceMonitor.LEVELS, cpu.watched());
    cpu.retire(10);
    cpu.level(3);
    cpu.retire(100);
    cpu.level(1);
    cpu.retire(1000);
    cpu.level(0);
    cpu.retire(1);
    assertEquals(1100, cpu.rdmsr(PMC0), "levels 1 to 3");
    assertEquals(11, cpu.rdmsr(PMC0 + 1), "level 0");
    cpu.wrmsr(SELECT0, INSTRUCTIONS | USER | KERNEL | ENABLED);
    cpu.wrmsr(SELECT0 + 1, 0);
    assertEquals(0, cpu.watched(), "at every level");
  }

  @Test
  void cyclesStandStillWhileTheCpuWaits() {
    cpu.wrmsr(SELECT0, CYCLES | USER | KERNEL | ENABLED);
    cpu.wrmsr(FIXED_CONTROL, 0x300);
    cpu.wrmsr(GLOBAL, 0x4_0000_0001L);
    assertEquals(PerformanceMonitor.ACTIVITY, cpu.watched());
    advance(10);
    cpu.waits(true);
    advance(1000);
    cpu.waits(false);
    advance(1);
    assertEquals(11, cpu.rdmsr(PMC0));
    assertEquals(33, cpu.rdmsr(FIXED0 + 2));
  }

  @Test
  void branchesAreCountedWhereTheyAreExecuted() {
    cpu.wrmsr(SELECT0, BRANCHES | USER | ENABLED);
    cpu.wrmsr(SELECT0 + 1, INSTRUCTIONS | USER | KERNEL | ENABLED);
    assertEquals(PerformanceMonitor.LEVELS, cpu.watched(), "none that counts at this level");
    cpu.branch(5);
    cpu.branchTo(3);
    assertEquals(PerformanceMonitor.LEVELS | PerformanceMonitor.BRANCHES, cpu.watched());
    cpu.branch(7);
    cpu.retire(100);
    cpu.branchTo(0);
    cpu.branch(1);
    assertEquals(8, cpu.rdmsr(PMC0), "that to level 0 is one of level 3");
    assertEquals(115, cpu.rdmsr(PMC0 + 1));
    cpu.wrmsr(SELECT0, BRANCHES | USER | KERNEL | ENABLED);
    assertEquals(PerformanceMonitor.BRANCHES, cpu.watched(), "at every level, and waiting is nothing to it");
    cpu.wrmsr(SELECT0, 0);
    assertEquals(0, cpu.watched());
  }

  @Test
  void anOverflowOfBranchesInterruptsAtTheLastOne() {
    cpu.wrmsr(SELECT0, BRANCHES | USER | KERNEL | ENABLED | INTERRUPT);
    cpu.wrmsr(WHOLE0, ALL - 2);
    cpu.branch(2);
    assertEquals(0, cpu.interrupts());
    cpu.branch(1);
    assertEquals(1, cpu.interrupts());
    assertEquals(1, cpu.rdmsr(STATUS));
    cpu.branch(4);
    assertEquals(4, cpu.rdmsr(PMC0));
    assertEquals(1, cpu.interrupts());
  }

  // ---- Overflow

  @Test
  void anOverflowOfInstructionsInterruptsBehindTheLastOne() {
    cpu.wrmsr(SELECT0, INSTRUCTIONS | USER | KERNEL | ENABLED | INTERRUPT);
    cpu.wrmsr(WHOLE0, ALL - 99);
    assertEquals(100, cpu.untilReached());
    cpu.retire(99);
    assertEquals(0, cpu.interrupts());
    cpu.retire(1);
    assertEquals(1, cpu.interrupts());
    assertEquals(1, cpu.rdmsr(STATUS));
    assertEquals(0, cpu.rdmsr(PMC0));
    assertEquals(1L << 48, cpu.untilReached());
    cpu.wrmsr(CLEAR, 1);
    assertEquals(0, cpu.rdmsr(STATUS));
    assertEquals(1, cpu.interrupts());
  }

  @Test
  void anOverflowOfCyclesInterruptsAtItsNanosecond() {
    cpu.wrmsr(FIXED0 + 1, ALL - 999);
    cpu.wrmsr(FIXED0 + 2, ALL - 5999);
    cpu.wrmsr(FIXED_CONTROL, 0xBB0);
    cpu.wrmsr(GLOBAL, 0x6_0000_0000L);
    advance(500);
    cpu.waits(true);
    advance(5000);
    cpu.waits(false);
    advance(499);
    assertEquals(0, cpu.interrupts());
    advance(1);
    assertEquals(1, cpu.interrupts());
    assertEquals(1L << 33, cpu.rdmsr(STATUS));
    advance(999);
    assertEquals(1, cpu.interrupts());
    advance(1);
    assertEquals(2, cpu.interrupts(), "reference cycles: three in a nanosecond");
    assertEquals(3L << 33, cpu.rdmsr(STATUS));
  }

  @Test
  void anOverflowThatNobodyWaitsForIsOnlyNoted() {
    cpu.wrmsr(SELECT0, INSTRUCTIONS | USER | KERNEL | ENABLED);
    cpu.wrmsr(WHOLE0, ALL);
    assertEquals(Long.MAX_VALUE, cpu.untilReached());
    cpu.retire(3);
    assertEquals(1, cpu.rdmsr(STATUS));
    assertEquals(2, cpu.rdmsr(PMC0));
    assertEquals(0, cpu.interrupts());
  }

  // ---- Life

  @Test
  void anotherVersionGoesOnCounting() {
    cpu.wrmsr(SELECT0, INSTRUCTIONS | USER | ENABLED | INTERRUPT);
    cpu.wrmsr(WHOLE0, ALL - 99);
    cpu.level(3);
    cpu.retire(40);
    StateRecord record = model.state().save();
    FakeContext old = context;
    context = old.successor();
    model = context.create(PerfmonBench.factory());
    model.state().restore(record);
    context.takeAlarms(old);
    model.restored();
    assertEquals(60, cpu.untilReached());
    cpu.retire(60);
    assertEquals(1, cpu.interrupts());
    cpu.level(0);
    cpu.retire(5);
    assertEquals(0, cpu.rdmsr(PMC0));
  }

  @Test
  void resetSwitchesAllOff() {
    cpu.wrmsr(SELECT0, CYCLES | KERNEL | ENABLED | INTERRUPT);
    cpu.wrmsr(WHOLE0, ALL - 99);
    advance(50);
    model.reset();
    assertEquals(0, cpu.watched());
    advance(500);
    assertEquals(0, cpu.interrupts());
    assertEquals(0, cpu.rdmsr(PMC0));
    assertEquals(0, cpu.rdmsr(SELECT0));
    assertEquals(0xF, cpu.rdmsr(GLOBAL));
  }
}
