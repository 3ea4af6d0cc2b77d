// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.pmu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.xenolith.hw.pmu.PmuRegisters.HCR_EL2;
import static org.xenolith.hw.pmu.PmuRegisters.MDCR_EL2;
import static org.xenolith.hw.pmu.PmuRegisters.MDCR_EL3;
import static org.xenolith.hw.pmu.PmuRegisters.PMCCFILTR_EL0;
import static org.xenolith.hw.pmu.PmuRegisters.PMCCNTR_EL0;
import static org.xenolith.hw.pmu.PmuRegisters.PMCEID0_EL0;
import static org.xenolith.hw.pmu.PmuRegisters.PMCEID1_EL0;
import static org.xenolith.hw.pmu.PmuRegisters.PMCNTENSET_EL0;
import static org.xenolith.hw.pmu.PmuRegisters.PMCR_EL0;
import static org.xenolith.hw.pmu.PmuRegisters.PMEVCNTR0_EL0;
import static org.xenolith.hw.pmu.PmuRegisters.PMEVTYPER0_EL0;
import static org.xenolith.hw.pmu.PmuRegisters.PMSELR_EL0;
import static org.xenolith.hw.pmu.PmuRegisters.PMSWINC_EL0;
import static org.xenolith.hw.pmu.PmuRegisters.PMUSERENR_EL0;
import static org.xenolith.hw.pmu.PmuRegisters.PMXEVCNTR_EL0;
import static org.xenolith.hw.pmu.PmuRegisters.PMXEVTYPER_EL0;

import org.junit.jupiter.api.Test;
import org.xenolith.arm.api.SystemRegisterTrap;
import org.xenolith.regs.ListedRegister;
import org.xenolith.testkit.FakeCpu;

/** Which registers there are, what they say, and who may access them. */
class PmuRegistersTest extends PmuBench {
  @Test
  void controlNamesTheCpuOfTheDescriptionAndSixCounters() {
    assertEquals(0x4103_3000, cpu.mrs(PMCR_EL0));
    cpu.msr(PMCR_EL0, -1);
    assertEquals(0x4103_3000 | 0x79, cpu.mrs(PMCR_EL0));
    assertThrows(SystemRegisterTrap.class, () -> cpu.mrs(PMEVCNTR0_EL0 + 6));
    start(0x11, 0);
    assertEquals(0x3000, cpu.mrs(PMCR_EL0), "nobody says which CPU it is");
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

  @Test
  void powerUpResetsOnlyThatCpu() {
    count(0, INST_RETIRED);
    FakeCpu other = context.cpus().get(1);
    other.msr(PMCR_EL0, E);
    cpu.retire(10);
    cpu.powerUp();
    assertEquals(0x4103_3000, cpu.mrs(PMCR_EL0));
    assertEquals(0, counted(0));
    assertEquals(0, cpu.watched());
    assertEquals(E, other.mrs(PMCR_EL0) & 0xFF);
  }
}
