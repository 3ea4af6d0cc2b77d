// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.pmu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.xenolith.hw.pmu.PmuRegisters.MDCR_EL2;
import static org.xenolith.hw.pmu.PmuRegisters.PMCCNTR_EL0;
import static org.xenolith.hw.pmu.PmuRegisters.PMCNTENCLR_EL0;
import static org.xenolith.hw.pmu.PmuRegisters.PMCNTENSET_EL0;
import static org.xenolith.hw.pmu.PmuRegisters.PMCR_EL0;
import static org.xenolith.hw.pmu.PmuRegisters.PMEVCNTR0_EL0;
import static org.xenolith.hw.pmu.PmuRegisters.PMINTENCLR_EL1;
import static org.xenolith.hw.pmu.PmuRegisters.PMINTENSET_EL1;
import static org.xenolith.hw.pmu.PmuRegisters.PMOVSCLR_EL0;
import static org.xenolith.hw.pmu.PmuRegisters.PMOVSSET_EL0;

import org.junit.jupiter.api.Test;
import org.xenolith.arm.api.CpuMonitor;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeCpu;
import org.xenolith.testkit.FakeNode;

/** When counters overflow, and whose interrupt that is. */
class PmuOverflowTest extends PmuBench {
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
