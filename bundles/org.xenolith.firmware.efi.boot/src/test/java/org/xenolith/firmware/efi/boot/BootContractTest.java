// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.efi.boot;

import java.util.List;
import org.xenolith.efi.boot.api.BootNode;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.regs.Register;
import org.xenolith.testkit.DeviceModelContract;
import org.xenolith.testkit.FakeNode;

/** What every model keeps. */
class BootContractTest extends DeviceModelContract {
  @Override
  protected DeviceModelFactory factory() {
    return new BootComponent();
  }

  @Override
  protected PlatformNode node() {
    return FakeNode.at(BootNode.PATH).compatible(BootNode.COMPATIBLE).build();
  }

  @Override
  protected List<? extends Register> registers() {
    return List.of();
  }
}
