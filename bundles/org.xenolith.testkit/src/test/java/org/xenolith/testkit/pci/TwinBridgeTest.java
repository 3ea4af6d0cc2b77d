// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.pci;

import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.testkit.FakeNode;
import org.xenolith.testkit.pci.TwinBridge.Defect;

/** The correct bridge keeps the contract. */
class TwinBridgeTest extends HostBridgeContract {
  Defect defect = Defect.NONE;
  /** How many buses the node's window has. */
  int buses = 16;

  @Override
  protected DeviceModelFactory factory() {
    return TwinBridge.factory(defect);
  }

  @Override
  protected PlatformNode node() {
    if (buses == 16) {
      return ecam("example,twin").build();
    }
    return FakeNode.at(PATH).compatible("example,twin").window(0x40_1000_0000L, (long) buses << 20).cells("bus-range", 0, 15)
        .cells("ranges", 2 << 24, 0, 0x8000_0000, 0, 0x1000_0000, 0, 0x100_0000).build();
  }
}
