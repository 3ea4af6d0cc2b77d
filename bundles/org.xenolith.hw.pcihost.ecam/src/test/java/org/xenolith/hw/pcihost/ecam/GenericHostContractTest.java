// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.pcihost.ecam;

import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.testkit.pci.HostBridgeContract;

class GenericHostContractTest extends HostBridgeContract {
  @Override
  protected DeviceModelFactory factory() {
    return new GenericHostComponent();
  }

  @Override
  protected PlatformNode node() {
    return ecam("pci-host-ecam-generic").build();
  }
}
