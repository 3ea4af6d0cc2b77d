// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.debugexit;

import java.util.List;
import java.util.OptionalLong;
import org.xenolith.machine.api.AccessRule;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.MmioHandler;
import org.xenolith.machine.api.PowerPort;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.ListedRegister;

/** The device: what is written ends the run, doubled and with bit 0 set, so that no status is 0. It has no state. */
final class DebugExit implements DeviceModel, MmioHandler {
  private final DeviceState state = new DeviceState();
  private final PowerPort power;

  DebugExit(DeviceContext context) {
    power = context.power();
    context.bus().window(0, AccessRule.UP_TO_WORD, this);
    int ports = (int) context.node().windows().getFirst().size();
    state.shows("ports", List.of(ListedRegister.of("exit", 0, ports, "its README").saidBy(DebugExit.class)), port -> OptionalLong.empty());
  }

  @Override
  public long read(long offset, int size) {
    return 0;
  }

  /** At whichever of the ports. */
  @Override
  public void write(long offset, int size, long value) {
    power.exit((int) (value << 1 | 1));
  }

  @Override
  public DeviceState state() {
    return state;
  }
}
