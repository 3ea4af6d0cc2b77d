// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.pci.rogue;

import java.util.Set;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.testkit.pci.FakePciHost;
import org.xenolith.testkit.pci.PciEndpointContract;

class RogueContractTest extends PciEndpointContract {
  @Override
  protected DeviceModelFactory factory() {
    return new RogueComponent();
  }

  @Override
  protected PlatformNode node() {
    return FakePciHost.function("rogue@1,0", "xenolith,pci-rogue").build();
  }

  @Override
  protected Set<Feature> features() {
    return Set.of(Feature.MEMORY_WRITES, Feature.INTERRUPT_PIN, Feature.MSIX, Feature.POWER_STATES, Feature.FUNCTION_RESET);
  }

  @Override
  protected void writeMemory(FakePciHost pci, long target) {
    pci.write(0x00, 8, target);
    pci.write(0x08, 8, 0x1122_3344_5566_7788L);
    pci.write(0x10, 4, 8 << 8 | 2);
  }

  @Override
  protected void interrupt(FakePciHost pci) {
    pci.write(0x10, 4, 3);
    pci.write(0x10, 4, 4);
  }
}
