// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.timer;

import static org.xenolith.a64.arch.SystemRegister.id;

import java.util.List;
import org.xenolith.regs.ListedRegister;

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

  /** What a CPU has in any case. */
  static final List<ListedRegister> ALWAYS = List.of(row("CNTFRQ_EL0", CNTFRQ_EL0),
      row("CNTPCT_EL0", CNTPCT_EL0),
      row("CNTVCT_EL0", CNTVCT_EL0),
      row("CNTP_TVAL_EL0", CNTP_TVAL_EL0),
      row("CNTP_CTL_EL0", CNTP_CTL_EL0),
      row("CNTP_CVAL_EL0", CNTP_CVAL_EL0),
      row("CNTV_TVAL_EL0", CNTV_TVAL_EL0),
      row("CNTV_CTL_EL0", CNTV_CTL_EL0),
      row("CNTV_CVAL_EL0", CNTV_CVAL_EL0),
      row("CNTKCTL_EL1", CNTKCTL_EL1));
  /** What comes with EL2. */
  static final List<ListedRegister> OF_EL2 = List.of(row("CNTVOFF_EL2", CNTVOFF_EL2),
      row("CNTHCTL_EL2", CNTHCTL_EL2),
      row("CNTHP_TVAL_EL2", CNTHP_TVAL_EL2),
      row("CNTHP_CTL_EL2", CNTHP_CTL_EL2),
      row("CNTHP_CVAL_EL2", CNTHP_CVAL_EL2));
  /** What comes with EL3. */
  static final List<ListedRegister> OF_EL3 = List.of(row("CNTPS_TVAL_EL1", CNTPS_TVAL_EL1),
      row("CNTPS_CTL_EL1", CNTPS_CTL_EL1),
      row("CNTPS_CVAL_EL1", CNTPS_CVAL_EL1));

  private TimerRegisters() {}

  private static ListedRegister row(String name, int encoding) {
    return ListedRegister.of(name, encoding, Long.BYTES, "Arm ARM D17, " + name).saidBy(TimerRegisters.class);
  }
}
