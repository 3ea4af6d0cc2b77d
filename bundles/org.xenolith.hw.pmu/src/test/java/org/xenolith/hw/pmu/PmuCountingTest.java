// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.pmu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.xenolith.hw.pmu.PmuRegisters.MDCR_EL3;
import static org.xenolith.hw.pmu.PmuRegisters.PMCCFILTR_EL0;
import static org.xenolith.hw.pmu.PmuRegisters.PMCCNTR_EL0;
import static org.xenolith.hw.pmu.PmuRegisters.PMCNTENCLR_EL0;
import static org.xenolith.hw.pmu.PmuRegisters.PMCNTENSET_EL0;
import static org.xenolith.hw.pmu.PmuRegisters.PMCR_EL0;
import static org.xenolith.hw.pmu.PmuRegisters.PMEVCNTR0_EL0;
import static org.xenolith.hw.pmu.PmuRegisters.PMEVTYPER0_EL0;
import static org.xenolith.hw.pmu.PmuRegisters.PMOVSSET_EL0;
import static org.xenolith.hw.pmu.PmuRegisters.PMSWINC_EL0;

import org.junit.jupiter.api.Test;
import org.xenolith.arm.api.CpuMonitor;
import org.xenolith.arm.api.SystemRegisterTrap;

/** What is counted, and at which level. */
class PmuCountingTest extends PmuBench {
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
}
