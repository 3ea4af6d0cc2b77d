// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.gicv3;

import static org.xenolith.a64.arch.SystemRegister.id;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.xenolith.regs.ListedRegister;

/** Encodings of the system registers of CPU interface and virtual interface (Arm IHI 0069H, 12.2 and 12.4). */
final class IccRegisters {
  static final int ICC_PMR_EL1 = id(3, 0, 4, 6, 0);
  static final int ICC_IAR0_EL1 = id(3, 0, 12, 8, 0);
  static final int ICC_EOIR0_EL1 = id(3, 0, 12, 8, 1);
  static final int ICC_HPPIR0_EL1 = id(3, 0, 12, 8, 2);
  static final int ICC_BPR0_EL1 = id(3, 0, 12, 8, 3);
  /** The first of up to four. */
  static final int ICC_AP0R0_EL1 = id(3, 0, 12, 8, 4);
  /** The first of up to four. */
  static final int ICC_AP1R0_EL1 = id(3, 0, 12, 9, 0);
  static final int ICC_DIR_EL1 = id(3, 0, 12, 11, 1);
  static final int ICC_RPR_EL1 = id(3, 0, 12, 11, 3);
  static final int ICC_SGI1R_EL1 = id(3, 0, 12, 11, 5);
  static final int ICC_ASGI1R_EL1 = id(3, 0, 12, 11, 6);
  static final int ICC_SGI0R_EL1 = id(3, 0, 12, 11, 7);
  static final int ICC_IAR1_EL1 = id(3, 0, 12, 12, 0);
  static final int ICC_EOIR1_EL1 = id(3, 0, 12, 12, 1);
  static final int ICC_HPPIR1_EL1 = id(3, 0, 12, 12, 2);
  static final int ICC_BPR1_EL1 = id(3, 0, 12, 12, 3);
  static final int ICC_CTLR_EL1 = id(3, 0, 12, 12, 4);
  static final int ICC_SRE_EL1 = id(3, 0, 12, 12, 5);
  static final int ICC_IGRPEN0_EL1 = id(3, 0, 12, 12, 6);
  static final int ICC_IGRPEN1_EL1 = id(3, 0, 12, 12, 7);
  static final int ICC_SRE_EL2 = id(3, 4, 12, 9, 5);
  static final int ICH_AP0R0_EL2 = id(3, 4, 12, 8, 0);
  static final int ICH_AP1R0_EL2 = id(3, 4, 12, 9, 0);
  static final int ICH_HCR_EL2 = id(3, 4, 12, 11, 0);
  static final int ICH_VTR_EL2 = id(3, 4, 12, 11, 1);
  static final int ICH_MISR_EL2 = id(3, 4, 12, 11, 2);
  static final int ICH_EISR_EL2 = id(3, 4, 12, 11, 3);
  static final int ICH_ELRSR_EL2 = id(3, 4, 12, 11, 5);
  static final int ICH_VMCR_EL2 = id(3, 4, 12, 11, 7);
  /** The first of up to sixteen. */
  static final int ICH_LR0_EL2 = id(3, 4, 12, 12, 0);

  static final int ID_AA64PFR0_EL1 = id(3, 0, 0, 4, 0);
  static final int HCR_EL2 = id(3, 4, 1, 1, 0);

  private static final List<ListedRegister> SINGLE = List.of(row("ICC_PMR_EL1", ICC_PMR_EL1),
      row("ICC_IAR0_EL1", ICC_IAR0_EL1),
      row("ICC_EOIR0_EL1", ICC_EOIR0_EL1),
      row("ICC_HPPIR0_EL1", ICC_HPPIR0_EL1),
      row("ICC_BPR0_EL1", ICC_BPR0_EL1),
      row("ICC_DIR_EL1", ICC_DIR_EL1),
      row("ICC_RPR_EL1", ICC_RPR_EL1),
      row("ICC_SGI1R_EL1", ICC_SGI1R_EL1),
      row("ICC_ASGI1R_EL1", ICC_ASGI1R_EL1),
      row("ICC_SGI0R_EL1", ICC_SGI0R_EL1),
      row("ICC_IAR1_EL1", ICC_IAR1_EL1),
      row("ICC_EOIR1_EL1", ICC_EOIR1_EL1),
      row("ICC_HPPIR1_EL1", ICC_HPPIR1_EL1),
      row("ICC_BPR1_EL1", ICC_BPR1_EL1),
      row("ICC_CTLR_EL1", ICC_CTLR_EL1),
      row("ICC_SRE_EL1", ICC_SRE_EL1),
      row("ICC_IGRPEN0_EL1", ICC_IGRPEN0_EL1),
      row("ICC_IGRPEN1_EL1", ICC_IGRPEN1_EL1));
  private static final List<ListedRegister> HYPERVISOR = List.of(row("ICC_SRE_EL2", ICC_SRE_EL2),
      row("ICH_AP0R0_EL2", ICH_AP0R0_EL2),
      row("ICH_AP1R0_EL2", ICH_AP1R0_EL2),
      row("ICH_HCR_EL2", ICH_HCR_EL2),
      row("ICH_VTR_EL2", ICH_VTR_EL2),
      row("ICH_MISR_EL2", ICH_MISR_EL2),
      row("ICH_EISR_EL2", ICH_EISR_EL2),
      row("ICH_ELRSR_EL2", ICH_ELRSR_EL2),
      row("ICH_VMCR_EL2", ICH_VMCR_EL2));
  /** Of those of the CPU interface: what a read acts on, and what can only be written. */
  static final Set<Integer> ACTING = Set.of(ICC_IAR0_EL1, ICC_IAR1_EL1, ICC_EOIR0_EL1, ICC_EOIR1_EL1, ICC_DIR_EL1, ICC_SGI1R_EL1,
      ICC_ASGI1R_EL1, ICC_SGI0R_EL1);

  private IccRegisters() {}

  private static ListedRegister row(String name, int encoding) {
    return ListedRegister.of(name, encoding, Long.BYTES, "Arm IHI 0069H, " + name).saidBy(IccRegisters.class);
  }

  /** All of a CPU interface, with so many registers of active priorities for each group. */
  static List<ListedRegister> cpuInterface(int active) {
    List<ListedRegister> all = new ArrayList<>(SINGLE);
    for (int n = 0; n < active; n++) {
      all.add(row("ICC_AP0R" + n + "_EL1", ICC_AP0R0_EL1 + n));
      all.add(row("ICC_AP1R" + n + "_EL1", ICC_AP1R0_EL1 + n));
    }
    return all;
  }

  /** All of the hypervisor's, with so many list registers. */
  static List<ListedRegister> hypervisor(int lists) {
    List<ListedRegister> all = new ArrayList<>(HYPERVISOR);
    for (int n = 0; n < lists; n++) {
      all.add(row("ICH_LR" + n + "_EL2", ICH_LR0_EL2 + n));
    }
    return all;
  }
}
