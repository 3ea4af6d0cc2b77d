// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.core;

import org.xenolith.regs.LongCell;

/** A virtual CPU whose registers are where it goes on and one more. */
final class ToyVcpu extends GuestVcpu {
  private final LongCell entry = record().cell("entry", 0);
  private final LongCell argument = record().cell("argument", 0);
  int saved;
  int loaded;

  ToyVcpu(GuestDomain domain, int id) {
    super(domain, id);
  }

  long entry() {
    return entry.value;
  }

  @Override
  protected void resetRegisters(long newEntry, long newArgument) {
    entry.value = newEntry;
    argument.value = newArgument;
  }

  @Override
  public void unmask() {}

  @Override
  public long x(int n) {
    return argument.value;
  }

  @Override
  public void x(int n, long value) {
    argument.value = value;
  }
}
