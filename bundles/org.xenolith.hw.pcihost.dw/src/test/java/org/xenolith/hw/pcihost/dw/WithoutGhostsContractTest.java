// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.pcihost.dw;

import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.testkit.pci.HostBridgeContract;

/** Without its defect: places other than device 0 are empty. */
class WithoutGhostsContractTest extends HostBridgeContract {
  @Override
  protected DeviceModelFactory factory() {
    return new DesignWareHostComponent();
  }

  @Override
  protected PlatformNode node() {
    return ecam("snps,dw-pcie-ecam").option(DesignWareHostComponent.GHOST_DEVICES, "false").build();
  }

  @Override
  protected int devfn() {
    return 0;
  }
}
