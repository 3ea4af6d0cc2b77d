// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.pci.rootport;

import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.testkit.pci.FakePciHost;
import org.xenolith.testkit.pci.PciFunctionContract;

class RootPortContractTest extends PciFunctionContract {
  @Override
  protected DeviceModelFactory factory() {
    return new RootPortComponent();
  }

  @Override
  protected PlatformNode node() {
    return FakePciHost.function("root-port@1,0", "xenolith,pci-root-port").build();
  }
}
