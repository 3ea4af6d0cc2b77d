// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.acpi.pm;

import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.MmioHandler;
import org.xenolith.regs.LongCell;
import org.xenolith.regs.RegisterFaults.Kind;

/** PM1_CNT (ACPI 6.5, 4.8.3.2). Of the sleeping states there is S5, soft off. */
final class ControlBlock implements MmioHandler {
  /** What {@code \_S5} says, and SLP_TYP must be. */
  static final int SOFT_OFF = 5;
  private static final int SCI_EN = 1;
  private static final int BM_RLD = 1 << 1;
  private static final int GBL_RLS = 1 << 2;
  private static final int SLP_TYP = 10;
  private static final int SLP_EN = 1 << 13;
  /** Bits that keep what is written; of the others some do something. */
  private static final int KEPT = BM_RLD | 7 << SLP_TYP;

  private final DeviceContext context;
  private final LongCell control;

  ControlBlock(DeviceContext context, LongCell control) {
    this.context = context;
    this.control = control;
  }

  @Override
  public long read(long offset, int size) {
    return (control.value | SCI_EN) >>> offset * Byte.SIZE;
  }

  @Override
  public void write(long offset, int size, long value) {
    int shift = (int) offset * Byte.SIZE;
    long lanes = (1L << size * Byte.SIZE) - 1 << shift;
    long written = value << shift & lanes;
    control.value = (written | control.value & ~lanes) & KEPT;
    if ((written & GBL_RLS) != 0) {
      // It would raise an SMI, and nobody takes one.
      context.faults().report(Kind.UNMODELLED_BIT, offset, value);
    }
    if ((written & SLP_EN) != 0) {
      sleep(offset, value);
    }
  }

  private void sleep(long offset, long value) {
    if (control.value >>> SLP_TYP == SOFT_OFF) {
      context.power().powerOff();
    } else {
      // A type that \_S5 doesn't say: the machine goes on.
      context.faults().report(Kind.BAD_VALUE, offset, value);
    }
  }
}
