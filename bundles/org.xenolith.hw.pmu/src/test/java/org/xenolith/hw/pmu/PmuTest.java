// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.pmu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.xenolith.hw.pmu.PmuRegisters.HCR_EL2;
import static org.xenolith.hw.pmu.PmuRegisters.ID_AA64PFR0_EL1;
import static org.xenolith.hw.pmu.PmuRegisters.MDCR_EL2;
import static org.xenolith.hw.pmu.PmuRegisters.MDCR_EL3;
import static org.xenolith.hw.pmu.PmuRegisters.PMCCFILTR_EL0;
import static org.xenolith.hw.pmu.PmuRegisters.PMCCNTR_EL0;
import static org.xenolith.hw.pmu.PmuRegisters.PMCEID0_EL0;
import static org.xenolith.hw.pmu.PmuRegisters.PMCEID1_EL0;
import static org.xenolith.hw.pmu.PmuRegisters.PMCNTENCLR_EL0;
import static org.xenolith.hw.pmu.PmuRegisters.PMCNTENSET_EL0;
import static org.xenolith.hw.pmu.PmuRegisters.PMCR_EL0;
import static org.xenolith.hw.pmu.PmuRegisters.PMEVCNTR0_EL0;
import static org.xenolith.hw.pmu.PmuRegisters.PMEVTYPER0_EL0;
import static org.xenolith.hw.pmu.PmuRegisters.PMINTENCLR_EL1;
import static org.xenolith.hw.pmu.PmuRegisters.PMINTENSET_EL1;
import static org.xenolith.hw.pmu.PmuRegisters.PMOVSCLR_EL0;
import static org.xenolith.hw.pmu.PmuRegisters.PMOVSSET_EL0;
import static org.xenolith.hw.pmu.PmuRegisters.PMSELR_EL0;
import static org.xenolith.hw.pmu.PmuRegisters.PMSWINC_EL0;
import static org.xenolith.hw.pmu.PmuRegisters.PMUSERENR_EL0;
import static org.xenolith.hw.pmu.PmuRegisters.PMXEVCNTR_EL0;
import static org.xenolith.hw.pmu.PmuRegisters.PMXEVTYPER_EL0;
import static org.xenolith.hw.pmu.PmuRegisters.SCR_EL3;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.arm.api.CpuMonitor;
import org.xenolith.arm.api.SystemRegisterTrap;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.regs.ListedRegister;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeCpu;
import org.xenolith.testkit.FakeLine;
import org.xenolith.testkit.FakeNode;

class PmuTest {
  private static final long E = 1;
  private static final long P = 2;
  private static final long C = 4;
  private static final long D = 8;
  private static final long LC = 1 << 6;
  private static final long CYCLES = 1L << 31;
  private static final long NOT_EL1 = 1L << 31;
  private static final long NOT_EL0 = 1L << 30;
  private static final long EL2_TOO = 1L << 27;
  private static final long SW_INCR = 0;
  private static final long INST_RETIRED = 8;
  private static final long EXC_TAKEN = 9;
  private static final long EXC_RETURN = 0xA;
  private static final long PC_WRITE_RETIRED = 0xC;
  private static final long BR_IMMED_RETIRED = 0xD;
  private static final long BR_RETURN_RETIRED = 0xE;
  private static final long CPU_CYCLES = 0x11;
  private static final long CHAIN = 0x1E;
  private static final long BR_RETIRED = 0x21;
  private static final long FULL = 0xFFFF_FFFFL;

  private FakeContext context;
  private DeviceModel model;
  private FakeCpu cpu;
  private FakeLine line;

  @BeforeEach
  void start() {
    start(0x11);
  }

  private void start(long levels) {
    context = new FakeContext(FakeNode.at("/pmu").compatible("arm,armv8-pmuv3").interrupt("/intc", 1, 7, 4).build(), 2);
    context.cpus().forEach(each -> {
      each.systemRegister(ID_AA64PFR0_EL1, levels);
      each.systemRegister(MDCR_EL2, 6);
      each.systemRegister(SCR_EL3, 1);
    });
    model = context.create(new PmuComponent());
    cpu = context.cpus().get(0);
    line = context.interrupt(0, 0);
  }

  private void count(int counter, long type) {
    cpu.msr(PMEVTYPER0_EL0 + counter, type);
    cpu.msr(PMCNTENSET_EL0, 1L << counter);
    cpu.msr(PMCR_EL0, cpu.mrs(PMCR_EL0) | E);
  }

  private long counted(int counter) {
    return cpu.mrs(PMEVCNTR0_EL0 + counter);
  }

  // ---- What is there

  @Test
  void controlNamesCortexA57AndSixCounters() {
    assertEquals(0x4101_3000, cpu.mrs(PMCR_EL0));
    cpu.msr(PMCR_EL0, -1);
    assertEquals(0x4101_3000 | 0x79, cpu.mrs(PMCR_EL0));
    assertThrows(SystemRegisterTrap.class, () -> cpu.mrs(PMEVCNTR0_EL0 + 6));
  }

  @Test
  void advertisedIsWhatIsCounted() {
    assertEquals(1 | 1 << 8 | 1 << 9 | 1 << 10 | 1 << 12 | 1 << 13 | 1 << 14 | 1 << 17 | 1 << 30, cpu.mrs(PMCEID0_EL0));
    assertEquals(2, cpu.mrs(PMCEID1_EL0));
    assertSame(SystemRegisterTrap.UNDEFINED, assertThrows(SystemRegisterTrap.class, () -> cpu.msr(PMCEID0_EL0, 0)));
  }

  @Test
  void selectedCounterIsTheCounterItself() {
    cpu.msr(PMSELR_EL0, 3);
    cpu.msr(PMXEVTYPER_EL0, INST_RETIRED | NOT_EL0);
    cpu.msr(PMXEVCNTR_EL0, 77);
    assertEquals(INST_RETIRED | NOT_EL0, cpu.mrs(PMEVTYPER0_EL0 + 3));
    assertEquals(77, counted(3));
    cpu.msr(PMSELR_EL0, 31);
    cpu.msr(PMXEVTYPER_EL0, -1);
    assertEquals(NOT_EL1 | NOT_EL0, cpu.mrs(PMCCFILTR_EL0));
    assertEquals(0, cpu.mrs(PMXEVCNTR_EL0));
  }

  // ---- Counting

  @Test
  void cyclesAreNanosecondsOfVirtualTime() {
    cpu.msr(PMCNTENSET_EL0, CYCLES | 1);
    cpu.msr(PMEVTYPER0_EL0, CPU_CYCLES);
    context.clock().advance(100);
    assertEquals(0, cpu.mrs(PMCCNTR_EL0), "PMCR_EL0.E is 0");
    cpu.msr(PMCR_EL0, E | LC);
    context.clock().advance(1234);
    assertEquals(1234, cpu.mrs(PMCCNTR_EL0));
    assertEquals(1234, counted(0));
    cpu.msr(PMCNTENCLR_EL0, CYCLES);
    context.clock().advance(10);
    assertEquals(1234, cpu.mrs(PMCCNTR_EL0));
    assertEquals(1244, counted(0));
    cpu.msr(PMCR_EL0, E | LC | C);
    assertEquals(0, cpu.mrs(PMCCNTR_EL0));
    assertEquals(1244, counted(0));
    cpu.msr(PMCR_EL0, E | LC | P);
    assertEquals(0, counted(0));
  }

  @Test
  void dividerCountsEvery64thCycleAndLosesNone() {
    cpu.msr(PMCNTENSET_EL0, CYCLES);
    cpu.msr(PMCR_EL0, E | D);
    for (int i = 0; i < 64; i++) {
      context.clock().advance(63);
      cpu.mrs(PMCCNTR_EL0);
    }
    assertEquals(63, cpu.mrs(PMCCNTR_EL0));
    cpu.msr(PMCR_EL0, E | D | LC);
    context.clock().advance(64);
    assertEquals(127, cpu.mrs(PMCCNTR_EL0), "LC switches the divider off");
  }

  @Test
  void instructionsAreThoseOfTheCpu() {
    count(2, INST_RETIRED);
    cpu.retire(1000);
    context.cpus().get(1).retire(5);
    assertEquals(1000, counted(2));
    cpu.msr(PMCR_EL0, 0);
    cpu.retire(1000);
    assertEquals(1000, counted(2));
  }

  @Test
  void levelsAreFiltered() {
    start(0x111);
    count(0, INST_RETIRED);
    count(1, INST_RETIRED | NOT_EL1);
    count(2, INST_RETIRED | NOT_EL0);
    count(3, INST_RETIRED | NOT_EL0 | NOT_EL1 | EL2_TOO);
    cpu.retire(1);
    cpu.exceptionLevel(0);
    cpu.retire(10);
    cpu.takeException(2);
    cpu.retire(100);
    cpu.returnFromException(1);
    cpu.retire(1000);
    assertEquals(1011, counted(0));
    assertEquals(10, counted(1));
    assertEquals(1001, counted(2));
    assertEquals(100, counted(3));
  }

  @Test
  void secureStateIsFilteredAndProhibited() {
    start(0x1111);
    cpu.exceptionLevel(3);
    count(0, INST_RETIRED);
    count(1, INST_RETIRED | 1L << 26);
    cpu.msr(PMCCFILTR_EL0, 0);
    cpu.msr(PMCNTENSET_EL0, CYCLES);
    cpu.retire(10);
    context.clock().advance(10);
    assertEquals(0, counted(0), "prohibited without MDCR_EL3.SPME");
    assertEquals(10, cpu.mrs(PMCCNTR_EL0), "the cycle counter goes on without PMCR_EL0.DP");
    cpu.systemRegister(MDCR_EL3, 1 << 17);
    cpu.contextChanged();
    cpu.retire(10);
    assertEquals(10, counted(0), "M equals P");
    assertEquals(0, counted(1), "M differs from P");
  }

  @Test
  void softwareIncrementsWhatIsSetToIt() {
    count(0, SW_INCR);
    count(1, SW_INCR | NOT_EL1);
    count(2, INST_RETIRED);
    cpu.msr(PMSWINC_EL0, 7);
    cpu.msr(PMSWINC_EL0, 7);
    cpu.msr(PMSWINC_EL0, 2);
    assertEquals(2, counted(0));
    assertEquals(0, counted(1), "not at EL1");
    assertEquals(0, counted(2));
    assertThrows(SystemRegisterTrap.class, () -> cpu.mrs(PMSWINC_EL0));
  }

  @Test
  void branchesAreAskedForWhileTheyAreCounted() {
    assertEquals(0, cpu.watched());
    count(0, BR_IMMED_RETIRED | NOT_EL1);
    assertEquals(CpuMonitor.LEVELS, cpu.watched(), "filtered at EL1");
    count(1, BR_RETURN_RETIRED | NOT_EL1);
    count(2, PC_WRITE_RETIRED | NOT_EL1);
    count(3, BR_RETIRED | NOT_EL1);
    cpu.returnFromException(0);
    assertEquals(CpuMonitor.LEVELS | CpuMonitor.BRANCHES, cpu.watched());
    cpu.branch(CpuMonitor.IMMEDIATE);
    cpu.branch(CpuMonitor.IMMEDIATE | CpuMonitor.TAKEN);
    cpu.branch(CpuMonitor.RETURN | CpuMonitor.TAKEN);
    cpu.branch(CpuMonitor.TAKEN);
    cpu.takeException(1);
    assertEquals(2, counted(0));
    assertEquals(1, counted(1));
    assertEquals(3, counted(2));
    assertEquals(4, counted(3));
    assertEquals(CpuMonitor.LEVELS, cpu.watched());
    cpu.msr(PMCNTENCLR_EL0, -1);
    assertEquals(0, cpu.watched());
  }

  @Test
  void exceptionsCountForWhoIsInterruptedAndReturnsForWhoReturns() {
    count(0, EXC_TAKEN);
    count(1, EXC_TAKEN | NOT_EL1);
    count(2, EXC_RETURN | NOT_EL0);
    cpu.exceptionLevel(0);
    cpu.takeException(1);
    cpu.takeException(1);
    cpu.returnFromException(1);
    cpu.returnFromException(0);
    cpu.exceptionLevel(1);
    assertEquals(2, counted(0));
    assertEquals(1, counted(1));
    assertEquals(2, counted(2));
  }

  @Test
  void chainCountsOverflowsOfTheCounterBefore() {
    count(0, INST_RETIRED);
    count(1, CHAIN);
    count(3, CHAIN);
    cpu.msr(PMEVCNTR0_EL0, FULL - 9);
    cpu.msr(PMEVCNTR0_EL0 + 1, FULL);
    cpu.retire(9);
    assertEquals(FULL, counted(1));
    cpu.retire(1);
    assertEquals(0, counted(0));
    assertEquals(0, counted(1));
    assertEquals(3, cpu.mrs(PMOVSSET_EL0), "both have overflowed");
    assertEquals(0, counted(3));
  }

  // ---- Overflow

  @Test
  void instructionsInterruptAfterTheExactOne() {
    count(4, INST_RETIRED);
    cpu.msr(PMEVCNTR0_EL0 + 4, FULL - 99);
    assertEquals(Long.MAX_VALUE, cpu.untilReached(), "nobody waits for it");
    cpu.msr(PMINTENSET_EL1, 1 << 4);
    assertEquals(100, cpu.untilReached());
    cpu.retire(99);
    assertFalse(line.level());
    cpu.retire(1);
    assertTrue(line.level());
    assertEquals(1 << 4, cpu.mrs(PMOVSCLR_EL0));
    cpu.msr(PMOVSCLR_EL0, 1 << 4);
    assertFalse(line.level());
    assertEquals(0, counted(4));
    assertEquals(1L << 32, cpu.untilReached());
  }

  @Test
  void cyclesInterruptAtTheExactNanosecond() {
    cpu.msr(PMCNTENSET_EL0, CYCLES);
    cpu.msr(PMINTENSET_EL1, CYCLES);
    cpu.msr(PMCCNTR_EL0, FULL);
    cpu.msr(PMCR_EL0, E | LC);
    context.clock().advance(10);
    assertFalse(line.level(), "64 bits with LC");
    cpu.msr(PMCCNTR_EL0, -100);
    context.clock().advance(99);
    assertFalse(line.level());
    context.clock().advance(1);
    assertTrue(line.level());
    cpu.msr(PMOVSCLR_EL0, -1);
    cpu.msr(PMCR_EL0, E | D);
    cpu.msr(PMCCNTR_EL0, FULL);
    context.clock().advance(63);
    assertFalse(line.level());
    context.clock().advance(1);
    assertTrue(line.level(), "32 bits without LC");
    assertEquals(1L << 32, cpu.mrs(PMCCNTR_EL0));
    cpu.msr(PMINTENCLR_EL1, CYCLES);
    assertFalse(line.level());
    cpu.msr(PMINTENSET_EL1, CYCLES);
    assertTrue(line.level());
    cpu.msr(PMCR_EL0, 0);
    assertFalse(line.level(), "PMCR_EL0.E is 0");
  }

  @Test
  void filteredCounterWaitsForNothing() {
    count(0, CPU_CYCLES | NOT_EL1);
    cpu.msr(PMINTENSET_EL1, 1);
    cpu.msr(PMEVCNTR0_EL0, FULL - 99);
    context.clock().advance(1000);
    assertFalse(line.level());
    cpu.exceptionLevel(0);
    context.clock().advance(60);
    cpu.exceptionLevel(1);
    context.clock().advance(1000);
    cpu.exceptionLevel(0);
    context.clock().advance(39);
    assertFalse(line.level());
    context.clock().advance(1);
    assertTrue(line.level());
  }

  @Test
  void branchOverflowInterruptsAtOnce() {
    count(0, BR_RETIRED);
    cpu.msr(PMINTENSET_EL1, 1);
    cpu.msr(PMEVCNTR0_EL0, FULL);
    cpu.branch(CpuMonitor.TAKEN);
    assertTrue(line.level());
  }

  @Test
  void overflowThatSoftwareSetsInterrupts() {
    cpu.msr(PMCR_EL0, E);
    cpu.msr(PMINTENSET_EL1, 1);
    cpu.msr(PMOVSSET_EL0, 1);
    assertTrue(line.level(), "the counter is off, which says only that it doesn't count");
    cpu.msr(PMOVSCLR_EL0, 1);
    assertFalse(line.level());
  }

  /** What a hypervisor does that saves a guest's counters: it switches them off and leaves the overflow to be seen. */
  @Test
  void interruptStaysWhileItsCounterIsSwitchedOff() {
    count(0, INST_RETIRED);
    cpu.msr(PMINTENSET_EL1, 1 | CYCLES);
    cpu.msr(PMEVCNTR0_EL0, FULL);
    cpu.retire(1);
    assertTrue(line.level());
    cpu.msr(PMCNTENCLR_EL0, 1);
    assertTrue(line.level());
    cpu.msr(PMOVSCLR_EL0, 1);
    assertFalse(line.level());
    cpu.msr(PMOVSSET_EL0, CYCLES);
    assertTrue(line.level(), "the cycle counter's, which never counted");
    cpu.msr(PMCR_EL0, 0);
    assertFalse(line.level(), "PMCR_EL0.E is 0");
    cpu.msr(PMCR_EL0, E);
    assertTrue(line.level());
    cpu.msr(PMINTENCLR_EL1, CYCLES);
    assertFalse(line.level());
  }

  @Test
  void interruptsOfTheHypervisorsCountersAreGovernedByHpme() {
    start(0x111);
    cpu.exceptionLevel(2);
    cpu.systemRegister(MDCR_EL2, 2);
    cpu.msr(PMCR_EL0, E);
    cpu.msr(PMINTENSET_EL1, 1 << 2);
    cpu.msr(PMOVSSET_EL0, 1 << 2);
    assertFalse(line.level(), "PMCR_EL0.E isn't for a counter from HPMN on");
    cpu.systemRegister(MDCR_EL2, 2 | 1 << 7);
    cpu.contextChanged();
    assertTrue(line.level(), "HPME is, though nothing counts");
    cpu.msr(PMCR_EL0, 0);
    assertTrue(line.level());
    cpu.systemRegister(MDCR_EL2, 3 | 1 << 7);
    cpu.contextChanged();
    assertFalse(line.level(), "it is the guest's now");
  }

  // ---- Who may

  @Test
  void userNeedsABitOfPmuserenr() {
    cpu.exceptionLevel(0);
    for (int id : ListedRegister.encodings(PmuRegisters.all(6))) {
      if (id != PMUSERENR_EL0 && id != PMSWINC_EL0) {
        assertSame(SystemRegisterTrap.TO_EL1, assertThrows(SystemRegisterTrap.class, () -> cpu.mrs(id)));
      }
    }
    assertEquals(0, cpu.mrs(PMUSERENR_EL0));
    assertSame(SystemRegisterTrap.UNDEFINED, assertThrows(SystemRegisterTrap.class, () -> cpu.msr(PMUSERENR_EL0, 1)));
    user(1 << 1);
    cpu.msr(PMSWINC_EL0, 1);
    assertThrows(SystemRegisterTrap.class, () -> cpu.mrs(PMCCNTR_EL0));
    user(1 << 2);
    cpu.mrs(PMCCNTR_EL0);
    assertThrows(SystemRegisterTrap.class, () -> cpu.msr(PMCCNTR_EL0, 0));
    assertThrows(SystemRegisterTrap.class, () -> cpu.mrs(PMEVCNTR0_EL0));
    user(1 << 3);
    cpu.msr(PMSELR_EL0, 2);
    cpu.mrs(PMXEVCNTR_EL0);
    cpu.mrs(PMEVCNTR0_EL0);
    assertThrows(SystemRegisterTrap.class, () -> cpu.msr(PMXEVCNTR_EL0, 0));
    assertThrows(SystemRegisterTrap.class, () -> cpu.mrs(PMXEVTYPER_EL0));
    user(1);
    cpu.msr(PMCR_EL0, E);
    cpu.msr(PMEVCNTR0_EL0, 5);
    assertEquals(5, cpu.mrs(PMEVCNTR0_EL0));
  }

  private void user(long bits) {
    cpu.exceptionLevel(1);
    cpu.msr(PMUSERENR_EL0, bits);
    assertEquals(bits, cpu.mrs(PMUSERENR_EL0));
    cpu.exceptionLevel(0);
  }

  @Test
  void higherLevelsTrap() {
    start(0x1111);
    cpu.systemRegister(MDCR_EL2, 6 | 1 << 5);
    assertSame(SystemRegisterTrap.TO_EL2, assertThrows(SystemRegisterTrap.class, () -> cpu.mrs(PMCR_EL0)));
    cpu.mrs(PMCCNTR_EL0);
    cpu.systemRegister(MDCR_EL2, 6 | 1 << 6);
    assertSame(SystemRegisterTrap.TO_EL2, assertThrows(SystemRegisterTrap.class, () -> cpu.mrs(PMCCNTR_EL0)));
    cpu.systemRegister(MDCR_EL3, 1 << 6);
    cpu.exceptionLevel(2);
    assertSame(SystemRegisterTrap.TO_EL3, assertThrows(SystemRegisterTrap.class, () -> cpu.mrs(PMCCNTR_EL0)));
    cpu.exceptionLevel(3);
    cpu.mrs(PMCCNTR_EL0);
    cpu.systemRegister(HCR_EL2, 1L << 27);
    cpu.exceptionLevel(0);
    assertSame(SystemRegisterTrap.TO_EL2, assertThrows(SystemRegisterTrap.class, () -> cpu.mrs(PMCCNTR_EL0)), "TGE");
  }

  @Test
  void hypervisorKeepsCountersForItself() {
    start(0x111);
    cpu.systemRegister(MDCR_EL2, 2 | 1 << 7);
    assertEquals(2, cpu.mrs(PMCR_EL0) >> 11 & 31);
    cpu.msr(PMCNTENSET_EL0, -1);
    assertEquals(CYCLES | 3, cpu.mrs(PMCNTENSET_EL0));
    cpu.msr(PMEVTYPER0_EL0 + 2, INST_RETIRED);
    assertEquals(0, cpu.mrs(PMEVTYPER0_EL0 + 2));
    cpu.exceptionLevel(2);
    assertEquals(6, cpu.mrs(PMCR_EL0) >> 11 & 31);
    assertEquals(CYCLES | 3, cpu.mrs(PMCNTENSET_EL0));
    cpu.msr(PMEVTYPER0_EL0 + 2, INST_RETIRED);
    cpu.msr(PMEVTYPER0_EL0, INST_RETIRED);
    cpu.msr(PMCNTENSET_EL0, 4);
    cpu.exceptionLevel(1);
    cpu.retire(10);
    cpu.msr(PMCR_EL0, P);
    cpu.exceptionLevel(2);
    assertEquals(10, counted(2), "by HPME, whatever PMCR_EL0.E and P are");
    assertEquals(0, counted(0));
  }

  // ---- Life

  @Test
  void powerUpResetsOnlyThatCpu() {
    count(0, INST_RETIRED);
    FakeCpu other = context.cpus().get(1);
    other.msr(PMCR_EL0, E);
    cpu.retire(10);
    cpu.powerUp();
    assertEquals(0x4101_3000, cpu.mrs(PMCR_EL0));
    assertEquals(0, counted(0));
    assertEquals(0, cpu.watched());
    assertEquals(E, other.mrs(PMCR_EL0) & 0xFF);
  }

  @Test
  void anotherVersionGoesOnCounting() {
    count(0, INST_RETIRED);
    cpu.msr(PMINTENSET_EL1, 1);
    cpu.msr(PMEVCNTR0_EL0, FULL - 99);
    cpu.retire(60);
    var record = model.state().save();
    FakeContext next = context.successor();
    next.takeAlarms(context);
    DeviceModel newModel = next.create(new PmuComponent());
    newModel.state().restore(record);
    newModel.restored();
    cpu.retire(39);
    assertFalse(line.level());
    cpu.retire(1);
    assertTrue(line.level());
  }

  @Test
  void affinitySaysWhoseInterruptIsWhose() {
    FakeContext two = new FakeContext(FakeNode.at("/pmu").compatible("arm,armv8-pmuv3").interrupt("/intc", 0, 20, 4)
        .interrupt("/intc", 0, 21, 4).cells("interrupt-affinity", 8, 7).build(), 2);
    two.beside(FakeNode.at("/cpus/cpu@0").cells("phandle", 7).property(FdtProperty.ofStrings("device_type", "cpu")).build(),
        FakeNode.at("/cpus/cpu@1").cells("phandle", 8).property(FdtProperty.ofStrings("device_type", "cpu")).build());
    two.create(new PmuComponent());
    FakeCpu first = two.cpus().get(0);
    first.msr(PMCR_EL0, E);
    first.msr(PMCNTENSET_EL0, 1);
    first.msr(PMINTENSET_EL1, 1);
    first.msr(PMOVSSET_EL0, 1);
    assertFalse(two.interrupt(0).level());
    assertTrue(two.interrupt(1).level());
  }
}
