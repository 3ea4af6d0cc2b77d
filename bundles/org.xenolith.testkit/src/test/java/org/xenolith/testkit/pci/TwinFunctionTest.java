package org.xenolith.testkit.pci;

import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.testkit.pci.TwinFunction.Defect;

/** The correct endpoint keeps the contract. */
class TwinFunctionTest extends PciEndpointContract {
  Defect defect = Defect.NONE;

  @Override protected DeviceModelFactory factory() {
    return TwinFunction.factory(defect);
  }

  @Override protected PlatformNode node() {
    return FakePciHost.function("twin@1", "example,twin").build();
  }

  @Override protected boolean writesMemory(FakePciHost pci, long target) {
    pci.write(0, 8, target);
    pci.write(8, 4, 0x1234);
    return true;
  }

  @Override protected boolean interrupts(FakePciHost pci) {
    pci.write(16, 4, 1);
    return true;
  }
}
