// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.pmu;

import static org.xenolith.hw.pmu.PmuControls.COUNTERS;
import static org.xenolith.hw.pmu.PmuRegisters.HCR_EL2;
import static org.xenolith.hw.pmu.PmuRegisters.MDCR_EL2;
import static org.xenolith.hw.pmu.PmuRegisters.MDCR_EL3;
import static org.xenolith.hw.pmu.PmuRegisters.PMCCNTR_EL0;
import static org.xenolith.hw.pmu.PmuRegisters.PMCR_EL0;
import static org.xenolith.hw.pmu.PmuRegisters.PMEVCNTR0_EL0;
import static org.xenolith.hw.pmu.PmuRegisters.PMSELR_EL0;
import static org.xenolith.hw.pmu.PmuRegisters.PMSWINC_EL0;
import static org.xenolith.hw.pmu.PmuRegisters.PMUSERENR_EL0;
import static org.xenolith.hw.pmu.PmuRegisters.PMXEVCNTR_EL0;

import org.xenolith.arm.api.ArmCpu;
import org.xenolith.arm.api.SystemRegisterTrap;

/** Who may access which register of the monitors: PMUSERENR_EL0 for EL0, MDCR_EL2 and MDCR_EL3 for those below. */
final class PmuAccess {
  private static final int EN = 1;
  private static final int SW = 1 << 1;
  private static final int CR = 1 << 2;
  private static final int ER = 1 << 3;
  private static final long HCR_TGE = 1L << 27;
  private static final int TPMCR = 1 << 5;
  private static final int TPM = 1 << 6;

  private final ArmCpu cpu;
  private final PmuControls controls;

  PmuAccess(ArmCpu cpu, PmuControls controls) {
    this.cpu = cpu;
    this.controls = controls;
  }

  /** Throws a {@link SystemRegisterTrap} if the current level may not. */
  void check(int id, boolean write) {
    int level = cpu.exceptionLevel();
    if (level == 0) {
      checkUser(id, write);
    }
    if (level < 2 && controls.el2Enabled() && (cpu.systemRegister(MDCR_EL2) & (id == PMCR_EL0 ? TPM | TPMCR : TPM)) != 0) {
      throw SystemRegisterTrap.TO_EL2;
    }
    if (level < 3 && controls.hasEl3 && (cpu.systemRegister(MDCR_EL3) & TPM) != 0) {
      throw SystemRegisterTrap.TO_EL3;
    }
  }

  private void checkUser(int id, boolean write) {
    if (id == PMUSERENR_EL0) {
      if (write) {
        throw SystemRegisterTrap.UNDEFINED;
      }
    } else if ((controls.user.value & allowing(id, write)) == 0) {
      boolean toEl2 = controls.el2Enabled() && (cpu.systemRegister(HCR_EL2) & HCR_TGE) != 0;
      throw toEl2 ? SystemRegisterTrap.TO_EL2 : SystemRegisterTrap.TO_EL1;
    }
  }

  /** Bits of PMUSERENR_EL0, of which one is enough. */
  private static int allowing(int id, boolean write) {
    if (id == PMSWINC_EL0) {
      return EN | SW;
    }
    if (id == PMSELR_EL0) {
      return EN | ER;
    }
    if (write) {
      return EN;
    }
    if (id == PMCCNTR_EL0) {
      return EN | CR;
    }
    return id == PMXEVCNTR_EL0 || id >= PMEVCNTR0_EL0 && id < PMEVCNTR0_EL0 + COUNTERS ? EN | ER : EN;
  }
}
