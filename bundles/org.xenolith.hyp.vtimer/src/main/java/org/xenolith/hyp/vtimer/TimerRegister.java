// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.vtimer;

import static org.xenolith.a64.arch.SystemRegister.id;

import java.util.List;
import org.xenolith.regs.ListedRegister;

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

  /** Those that a virtual CPU keeps, for who looks into the machine. */
  static final List<ListedRegister> SHOWN = List.of(row("CNTVOFF_EL2", CNTVOFF_EL2), row("CNTV_CTL_EL0", CNTV_CTL_EL0), row("CNTV_CVAL_EL0",
      CNTV_CVAL_EL0), row("CNTKCTL_EL1", CNTKCTL_EL1), row("CNTP_CTL_EL0", CNTP_CTL_EL0), row("CNTP_CVAL_EL0", CNTP_CVAL_EL0));

  private TimerRegister() {}

  private static ListedRegister row(String name, int encoding) {
    return ListedRegister.of(name, encoding, Long.BYTES, "Arm ARM D19.12").saidBy(TimerRegister.class);
  }
}
