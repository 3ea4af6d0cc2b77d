// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.debugexit;

import java.util.List;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.regs.Register;
import org.xenolith.regs.RegisterSpec;
import org.xenolith.testkit.DeviceModelContract;

class DebugExitContractTest extends DeviceModelContract {
  /** Its four ports, as the contract looks at them: nothing is kept. */
  private enum Ports implements Register {
    EXIT(RegisterSpec.at(0, "hw/misc/debugexit.c"));

    private final RegisterSpec spec;

    Ports(RegisterSpec spec) {
      this.spec = spec;
    }

    @Override
    public RegisterSpec spec() {
      return spec;
    }
  }

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
    return List.of(Ports.values());
  }
}
