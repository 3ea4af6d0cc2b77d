// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.debugexit;

import java.util.List;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.regs.Register;
import org.xenolith.regs.RegisterSpec;
import org.xenolith.testkit.DeviceModelContract;
import org.xenolith.testkit.RegisterRow;

class DebugExitContractTest extends DeviceModelContract {
  /** The four ports, as the contract looks at them: nothing is kept. */
  private static final RegisterRow PORTS = new RegisterRow("EXIT", RegisterSpec.at(0, "hw/misc/debugexit.c"));

  @Override
  protected DeviceModelFactory factory() {
    return new DebugExitComponent();
  }

  @Override
  protected PlatformNode node() {
    return DebugExitTest.node();
  }

  @Override
  protected List<? extends Register> registers() {
    return List.of(PORTS);
  }
}
