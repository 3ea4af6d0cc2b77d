// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.pmu;

import static org.xenolith.hw.pmu.PmuRegisters.ID_AA64PFR0_EL1;
import static org.xenolith.hw.pmu.PmuRegisters.MDCR_EL2;
import static org.xenolith.hw.pmu.PmuRegisters.PMCNTENSET_EL0;
import static org.xenolith.hw.pmu.PmuRegisters.PMCR_EL0;
import static org.xenolith.hw.pmu.PmuRegisters.PMEVCNTR0_EL0;
import static org.xenolith.hw.pmu.PmuRegisters.PMEVTYPER0_EL0;
import static org.xenolith.hw.pmu.PmuRegisters.SCR_EL3;

import org.junit.jupiter.api.BeforeEach;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeCpu;
import org.xenolith.testkit.FakeLine;
import org.xenolith.testkit.FakeNode;

/** Performance monitors of two CPUs, and what tests do with those of the first. */
abstract class PmuBench {
  static final long E = 1;
  static final long P = 2;
  static final long C = 4;
  static final long D = 8;
  static final long LC = 1 << 6;
  static final long CYCLES = 1L << 31;
  static final long NOT_EL1 = 1L << 31;
  static final long NOT_EL0 = 1L << 30;
  static final long EL2_TOO = 1L << 27;
  static final long SW_INCR = 0;
  static final long INST_RETIRED = 8;
  static final long EXC_TAKEN = 9;
  static final long EXC_RETURN = 0xA;
  static final long PC_WRITE_RETIRED = 0xC;
  static final long BR_IMMED_RETIRED = 0xD;
  static final long BR_RETURN_RETIRED = 0xE;
  static final long CPU_CYCLES = 0x11;
  static final long CHAIN = 0x1E;
  static final long BR_RETIRED = 0x21;
  static final long FULL = 0xFFFF_FFFFL;

  /** With more counters than there are. */
  private static final long CORTEX_A53 = 0x4103_4000;

  FakeContext context;
  DeviceModel model;
  FakeCpu cpu;
  FakeLine line;

  @BeforeEach
  void start() {
    start(0x11);
  }

  /** Anew, with other exception levels. @param levels ID_AA64PFR0_EL1 */
  void start(long levels) {
    start(levels, CORTEX_A53);
  }

  /** The same of another CPU. @param control PMCR_EL0 by the CPU's description */
  void start(long levels, long control) {
    context = new FakeContext(FakeNode.at("/pmu").compatible("arm,armv8-pmuv3").interrupt("/intc", 1, 7, 4).build(), 2);
    context.cpus().forEach(each -> {
      each.systemRegister(ID_AA64PFR0_EL1, levels);
      each.systemRegister(MDCR_EL2, 6);
      each.systemRegister(SCR_EL3, 1);
      each.described(PMCR_EL0, control);
    });
    model = context.create(new PmuComponent());
    cpu = context.cpus().get(0);
    line = context.interrupt(0, 0);
  }

  /** Has a counter count events of a type. */
  void count(int counter, long type) {
    cpu.msr(PMEVTYPER0_EL0 + counter, type);
    cpu.msr(PMCNTENSET_EL0, 1L << counter);
    cpu.msr(PMCR_EL0, cpu.mrs(PMCR_EL0) | E);
  }

  long counted(int counter) {
    return cpu.mrs(PMEVCNTR0_EL0 + counter);
  }
}
