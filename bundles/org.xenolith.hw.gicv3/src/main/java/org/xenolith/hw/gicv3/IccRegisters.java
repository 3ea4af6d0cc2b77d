// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.gicv3;

import static org.xenolith.a64.arch.SystemRegister.id;

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

  private IccRegisters() {}
}
