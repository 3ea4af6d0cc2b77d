// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.vgic;

import static org.xenolith.a64.arch.SystemRegister.id;

/** Encodings of the system registers of a GICv3 that the hypervisor uses or emulates (Arm IHI 0069H, 12.2 and 12.4). */
final class IccRegister {
  static final int ICC_PMR_EL1 = id(3, 0, 4, 6, 0);
  static final int ICC_DIR_EL1 = id(3, 0, 12, 11, 1);
  static final int ICC_SGI1R_EL1 = id(3, 0, 12, 11, 5);
  static final int ICC_ASGI1R_EL1 = id(3, 0, 12, 11, 6);
  static final int ICC_SGI0R_EL1 = id(3, 0, 12, 11, 7);
  static final int ICC_IAR1_EL1 = id(3, 0, 12, 12, 0);
  static final int ICC_EOIR1_EL1 = id(3, 0, 12, 12, 1);
  static final int ICC_BPR1_EL1 = id(3, 0, 12, 12, 3);
  static final int ICC_CTLR_EL1 = id(3, 0, 12, 12, 4);
  static final int ICC_IGRPEN1_EL1 = id(3, 0, 12, 12, 7);
  static final int ICC_SRE_EL2 = id(3, 4, 12, 9, 5);
  /** The first of up to four. */
  static final int ICH_AP0R0_EL2 = id(3, 4, 12, 8, 0);
  /** The first of up to four. */
  static final int ICH_AP1R0_EL2 = id(3, 4, 12, 9, 0);
  static final int ICH_HCR_EL2 = id(3, 4, 12, 11, 0);
  static final int ICH_VTR_EL2 = id(3, 4, 12, 11, 1);
  static final int ICH_VMCR_EL2 = id(3, 4, 12, 11, 7);
  /** The first of up to sixteen; eight share a CRm. */
  static final int ICH_LR0_EL2 = id(3, 4, 12, 12, 0);

  private IccRegister() {}
}
