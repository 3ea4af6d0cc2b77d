// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.vtimer;

import static org.xenolith.a64.arch.SystemRegister.id;

/** Encodings of the generic timer's registers that the hypervisor uses or emulates (Arm ARM D19.12). */
final class TimerRegister {
  static final int CNTFRQ_EL0 = id(3, 3, 14, 0, 0);
  static final int CNTPCT_EL0 = id(3, 3, 14, 0, 1);
  static final int CNTP_TVAL_EL0 = id(3, 3, 14, 2, 0);
  static final int CNTP_CTL_EL0 = id(3, 3, 14, 2, 1);
  static final int CNTP_CVAL_EL0 = id(3, 3, 14, 2, 2);
  static final int CNTV_CTL_EL0 = id(3, 3, 14, 3, 1);
  static final int CNTV_CVAL_EL0 = id(3, 3, 14, 3, 2);
  static final int CNTKCTL_EL1 = id(3, 0, 14, 1, 0);
  static final int CNTVOFF_EL2 = id(3, 4, 14, 0, 3);
  static final int CNTHCTL_EL2 = id(3, 4, 14, 1, 0);

  /** CTL: counting. */
  static final long ENABLE = 1;
  /** CTL: the output is masked. */
  static final long IMASK = 1 << 1;
  /** CTL: the condition is met. */
  static final long ISTATUS = 1 << 2;

  private TimerRegister() {}
}
