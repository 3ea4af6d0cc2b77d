// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.timer;

import static org.xenolith.a64.arch.SystemRegister.id;

/** Encodings of the generic timer's system registers and of those it consults (Arm ARM D17). */
final class TimerRegisters {
  static final int CNTFRQ_EL0 = id(3, 3, 14, 0, 0);
  static final int CNTPCT_EL0 = id(3, 3, 14, 0, 1);
  static final int CNTVCT_EL0 = id(3, 3, 14, 0, 2);
  static final int CNTP_TVAL_EL0 = id(3, 3, 14, 2, 0);
  static final int CNTP_CTL_EL0 = id(3, 3, 14, 2, 1);
  static final int CNTP_CVAL_EL0 = id(3, 3, 14, 2, 2);
  static final int CNTV_TVAL_EL0 = id(3, 3, 14, 3, 0);
  static final int CNTV_CTL_EL0 = id(3, 3, 14, 3, 1);
  static final int CNTV_CVAL_EL0 = id(3, 3, 14, 3, 2);
  static final int CNTKCTL_EL1 = id(3, 0, 14, 1, 0);
  static final int CNTVOFF_EL2 = id(3, 4, 14, 0, 3);
  static final int CNTHCTL_EL2 = id(3, 4, 14, 1, 0);
  static final int CNTHP_TVAL_EL2 = id(3, 4, 14, 2, 0);
  static final int CNTHP_CTL_EL2 = id(3, 4, 14, 2, 1);
  static final int CNTHP_CVAL_EL2 = id(3, 4, 14, 2, 2);
  static final int CNTPS_TVAL_EL1 = id(3, 7, 14, 2, 0);
  static final int CNTPS_CTL_EL1 = id(3, 7, 14, 2, 1);
  static final int CNTPS_CVAL_EL1 = id(3, 7, 14, 2, 2);

  static final int ID_AA64PFR0_EL1 = id(3, 0, 0, 4, 0);
  static final int HCR_EL2 = id(3, 4, 1, 1, 0);
  static final int SCR_EL3 = id(3, 6, 1, 1, 0);

  private TimerRegisters() {}
}
