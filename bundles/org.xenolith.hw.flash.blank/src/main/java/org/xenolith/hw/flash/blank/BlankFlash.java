// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.flash.blank;

import java.util.List;
import java.util.OptionalLong;
import org.xenolith.machine.api.AccessRule;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.MmioHandler;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.ListedRegister;
import org.xenolith.regs.RegisterFaults;

/** Each of the node's windows is erased flash: reads give ones. It takes no commands: a write is reported and has no effect. */
final class BlankFlash implements DeviceModel, MmioHandler {
  private static final long ERASED = -1;
  private final DeviceState state = new DeviceState();
  private final RegisterFaults faults;

  BlankFlash(DeviceContext context) {
    faults = context.faults();
    for (int i = 0; i < context.bus().windows(); i++) {
      context.bus().window(i, AccessRule.ANY, this);
      int bytes = (int) context.node().windows().get(i).size();
      state.shows("bank" + i, List.of(ListedRegister.of("array", 0, bytes, "its README").saidBy(BlankFlash.class)), array -> OptionalLong
          .empty());
    }
  }

  @Override
  public long read(long offset, int size) {
    return ERASED;
  }

  @Override
  public void write(long offset, int size, long value) {
    faults.report(RegisterFaults.Kind.UNKNOWN_WRITE, offset, value);
  }

  @Override
  public DeviceState state() {
    return state;
  }

  @Override
  public void reset() {}
}
