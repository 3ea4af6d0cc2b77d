package org.xenolith.testkit.pci;

import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.testkit.pci.TwinBridge.Defect;

/** The correct bridge keeps the contract. */
class TwinBridgeTest extends HostBridgeContract {
  Defect defect = Defect.NONE;

  @Override protected DeviceModelFactory factory() {
    return TwinBridge.factory(defect);
  }

  @Override protected PlatformNode node() {
    return ecam("example,twin").build();
  }
}
