// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.acpi.pm;

import static org.xenolith.regs.RegisterSpec.at;

import org.xenolith.regs.Register;
import org.xenolith.regs.RegisterSpec;

/** The event block (ACPI 6.5, 4.8.3.1): two registers of 16 bits, which are one here. */
enum AcpiPmRegister implements Register {
  /** PM1_STS in the lower half, PM1_EN in the upper one: the timer, and of the global lock and of the clock the enable bits. */
  PM1_EVT(at(0, "4.8.3.1").w1c(AcpiPmRegister.TMR).rw((long) (AcpiPmRegister.TMR | AcpiPmRegister.GBL | AcpiPmRegister.RTC)
      << AcpiPmRegister.ENABLE));

  /** TMR_STS and TMR_EN: bit 31 of the timer has changed. */
  static final int TMR = 1;
  /** GBL_STS and GBL_EN: firmware releases the global lock, which none ever does here. */
  static final int GBL = 1 << 5;
  /** RTC_STS and RTC_EN: the clock's alarm, which isn't seen here. Linux enables it all the same, and complains if it can't (drivers/rtc/rtc-cmos.c). */
  static final int RTC = 1 << 10;
  /** How much higher an enable bit is than its status. */
  static final int ENABLE = 16;

  private final RegisterSpec spec;

  AcpiPmRegister(RegisterSpec spec) {
    this.spec = spec;
  }

  @Override
  public RegisterSpec spec() {
    return spec;
  }
}
