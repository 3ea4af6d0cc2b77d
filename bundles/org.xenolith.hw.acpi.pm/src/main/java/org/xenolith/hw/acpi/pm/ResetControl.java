// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.acpi.pm;

import org.xenolith.machine.api.MmioHandler;
import org.xenolith.machine.api.PowerPort;
import org.xenolith.regs.LongCell;

/** The reset control register of PCs (Intel I/O Controller Hub 9 datasheet, 13.7.5), which is the reset register of ACPI, too. */
final class ResetControl implements MmioHandler {
  /** A hard reset, else one of the CPUs. */
  private static final int SYS_RST = 1 << 1;
  /** Its change from 0 to 1 resets. */
  private static final int RST_CPU = 1 << 2;
  private static final int FULL_RST = 1 << 3;
  private static final int KEPT = SYS_RST | RST_CPU | FULL_RST;

  private final PowerPort power;
  private final LongCell control;

  ResetControl(PowerPort power, LongCell control) {
    this.power = power;
    this.control = control;
  }

  @Override
  public long read(long offset, int size) {
    return control.value;
  }

  @Override
  public void write(long offset, int size, long value) {
    boolean resets = (value & RST_CPU & ~control.value) != 0;
    control.value = value & KEPT;
    if (resets) {
      String why = "0x%02x was written to the reset control register".formatted(value & 0xFF);
      if ((value & (SYS_RST | FULL_RST)) != 0) {
        power.reset(why);
      } else {
        power.warmReset(why);
      }
    }
  }
}
