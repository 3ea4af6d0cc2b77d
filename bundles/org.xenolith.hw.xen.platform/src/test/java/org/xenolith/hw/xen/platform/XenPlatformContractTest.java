// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.xen.platform;

import java.util.Set;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.testkit.pci.FakePciHost;
import org.xenolith.testkit.pci.PciEndpointContract;

class XenPlatformContractTest extends PciEndpointContract {
  @Override
  protected DeviceModelFactory factory() {
    return new XenPlatformComponent();
  }

  @Override
  protected PlatformNode node() {
    return FakePciHost.function("xen-platform@1,0", "xenolith,pci-xen-platform").build();
  }

  @Override
  protected Set<Feature> features() {
    return Set.of();
  }

  @Override
  protected void writeMemory(FakePciHost pci, long target) {}

  @Override
  protected void interrupt(FakePciHost pci) {}
}
