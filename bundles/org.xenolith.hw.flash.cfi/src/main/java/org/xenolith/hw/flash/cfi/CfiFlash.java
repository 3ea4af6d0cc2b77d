// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.flash.cfi;

import java.util.ArrayList;
import java.util.List;
import org.xenolith.block.api.BlockUnitsPort;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.ModelException;
import org.xenolith.regs.DeviceState;

/** A node of flash: each entry of its {@code reg} is a bank, whose contents may be those of a disk, the unit of its number. */
final class CfiFlash implements DeviceModel {
  private static final int MOST_WIDTH = 4;

  private final DeviceState state = new DeviceState();
  private final List<Bank> banks = new ArrayList<>();
  private final BlockUnitsPort disks;

  /** @throws ModelException if {@code bank-width} isn't 1, 2 or 4, or a bank is no power of two */
  CfiFlash(DeviceContext context) {
    long width = context.node().cell("bank-width", 1);
    if (Long.bitCount(width) != 1 || width > MOST_WIDTH) {
      throw new ModelException(context.instance() + ": bank-width: expected 1, 2 or 4 bytes, got " + width);
    }
    disks = context.port(BlockUnitsPort.class);
    for (int i = 0; i < context.bus().windows(); i++) {
      banks.add(new Bank(context, state, i, (int) width, disks.unit(i)));
    }
    disks.onChange(() -> banks.forEach(Bank::diskChanged));
  }

  @Override
  public DeviceState state() {
    return state;
  }

  @Override
  public void reset() {
    state.reset();
    restored();
  }

  @Override
  public void removed() {
    disks.onChange(() -> {});
  }

  @Override
  public void restored() {
    banks.forEach(Bank::show);
  }
}
