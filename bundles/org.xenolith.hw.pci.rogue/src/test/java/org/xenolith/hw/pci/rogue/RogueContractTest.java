package org.xenolith.hw.pci.rogue;

import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.testkit.pci.FakePciHost;
import org.xenolith.testkit.pci.PciEndpointContract;

class RogueContractTest extends PciEndpointContract {
  @Override protected DeviceModelFactory factory() {
    return new RogueComponent();
  }

  @Override protected PlatformNode node() {
    return FakePciHost.function("rogue@1,0", "xenolith,pci-rogue").build();
  }

  @Override protected boolean writesMemory(FakePciHost pci, long target) {
    pci.write(0x00, 8, target);
    pci.write(0x08, 8, 0x1122_3344_5566_7788L);
    pci.write(0x10, 4, 8 << 8 | 2);
    return true;
  }

  @Override protected boolean interrupts(FakePciHost pci) {
    pci.write(0x10, 4, 3);
    pci.write(0x10, 4, 4);
    return true;
  }
}
