// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.pmu;

import static org.xenolith.a64.arch.SystemRegister.id;

import java.util.ArrayList;
import java.util.List;
import org.xenolith.regs.ListedRegister;


/** Encodings of the performance monitors' system registers and of those they consult (Arm ARM D19.5). */
final class PmuRegisters {
  static final int PMINTENSET_EL1 = id(3, 0, 9, 14, 1);
  static final int PMINTENCLR_EL1 = id(3, 0, 9, 14, 2);
  static final int PMCR_EL0 = id(3, 3, 9, 12, 0);
  static final int PMCNTENSET_EL0 = id(3, 3, 9, 12, 1);
  static final int PMCNTENCLR_EL0 = id(3, 3, 9, 12, 2);
  static final int PMOVSCLR_EL0 = id(3, 3, 9, 12, 3);
  static final int PMSWINC_EL0 = id(3, 3, 9, 12, 4);
  static final int PMSELR_EL0 = id(3, 3, 9, 12, 5);
  static final int PMCEID0_EL0 = id(3, 3, 9, 12, 6);
  static final int PMCEID1_EL0 = id(3, 3, 9, 12, 7);
  static final int PMCCNTR_EL0 = id(3, 3, 9, 13, 0);
  static final int PMXEVTYPER_EL0 = id(3, 3, 9, 13, 1);
  static final int PMXEVCNTR_EL0 = id(3, 3, 9, 13, 2);
  static final int PMUSERENR_EL0 = id(3, 3, 9, 14, 0);
  static final int PMOVSSET_EL0 = id(3, 3, 9, 14, 3);
  /** PMEVCNTR0_EL0; the others follow in steps of 1. */
  static final int PMEVCNTR0_EL0 = id(3, 3, 14, 8, 0);
  /** PMEVTYPER0_EL0; the others follow in steps of 1. */
  static final int PMEVTYPER0_EL0 = id(3, 3, 14, 12, 0);
  static final int PMCCFILTR_EL0 = id(3, 3, 14, 15, 7);

  static final int ID_AA64PFR0_EL1 = id(3, 0, 0, 4, 0);
  static final int HCR_EL2 = id(3, 4, 1, 1, 0);
  static final int MDCR_EL2 = id(3, 4, 1, 1, 1);
  static final int SCR_EL3 = id(3, 6, 1, 1, 0);
  static final int MDCR_EL3 = id(3, 6, 1, 3, 1);

  private PmuRegisters() {}

  private static final List<ListedRegister> SINGLE = List.of(row("PMINTENSET_EL1", PMINTENSET_EL1),
      row("PMINTENCLR_EL1", PMINTENCLR_EL1),
      row("PMCR_EL0", PMCR_EL0),
      row("PMCNTENSET_EL0", PMCNTENSET_EL0),
      row("PMCNTENCLR_EL0", PMCNTENCLR_EL0),
      row("PMOVSCLR_EL0", PMOVSCLR_EL0),
      row("PMSWINC_EL0", PMSWINC_EL0),
      row("PMSELR_EL0", PMSELR_EL0),
      row("PMCEID0_EL0", PMCEID0_EL0),
      row("PMCEID1_EL0", PMCEID1_EL0),
      row("PMCCNTR_EL0", PMCCNTR_EL0),
      row("PMXEVTYPER_EL0", PMXEVTYPER_EL0),
      row("PMXEVCNTR_EL0", PMXEVCNTR_EL0),
      row("PMUSERENR_EL0", PMUSERENR_EL0),
      row("PMOVSSET_EL0", PMOVSSET_EL0),
      row("PMCCFILTR_EL0", PMCCFILTR_EL0));

  private static ListedRegister row(String name, int encoding) {
    return ListedRegister.of(name, encoding, Long.BYTES, "Arm ARM D19.5, " + name).saidBy(PmuRegisters.class);
  }

  /** All that a PMU with that many event counters answers. */
  static List<ListedRegister> all(int counters) {
    List<ListedRegister> all = new ArrayList<>(SINGLE);
    for (int n = 0; n < counters; n++) {
      all.add(row("PMEVCNTR" + n + "_EL0", PMEVCNTR0_EL0 + n));
      all.add(row("PMEVTYPER" + n + "_EL0", PMEVTYPER0_EL0 + n));
    }
    return all;
  }
}
