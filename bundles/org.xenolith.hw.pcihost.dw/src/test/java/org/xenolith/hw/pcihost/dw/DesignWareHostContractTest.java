// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.pcihost.dw;

import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.testkit.pci.HostBridgeContract;

/** With its defect: the one device on the root bus, the contract's, answers at each place. */
class DesignWareHostContractTest extends HostBridgeContract {
  @Override
  protected DeviceModelFactory factory() {
    return new DesignWareHostComponent();
  }

  @Override
  protected PlatformNode node() {
    return ecam("snps,dw-pcie-ecam").build();
  }

  /** The link leads to device 0. */
  @Override
  protected int devfn() {
    return 0;
  }

  @Override
  protected boolean occupied(int bus, int devfn) {
    return bus == 0 && (devfn & 7) == 0;
  }
}
