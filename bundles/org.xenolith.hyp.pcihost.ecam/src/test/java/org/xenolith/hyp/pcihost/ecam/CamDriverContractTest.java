// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.pcihost.ecam;

import org.xenolith.fdt.FdtProperty;
import org.xenolith.hyp.api.HostBridgePort;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.PhysicalBus;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.testkit.FakeNode;
import org.xenolith.testkit.hyp.FakeConfiguration;
import org.xenolith.testkit.hyp.HostBridgeDriverContract;

/** CAM, all buses. */
class CamDriverContractTest extends HostBridgeDriverContract {
  private static final long BASE = 0x3000_0000L;

  @Override
  protected DeviceModelFactory factory() {
    return new EcamDriverComponent();
  }

  @Override
  protected String role() {
    return "pcihost.ecam";
  }

  @Override
  protected PlatformNode node() {
    return FakeNode.at("/pci").compatible("pci-host-cam-generic").property(FdtProperty.ofStrings("device_type", "pci"))
        .window(BASE, 0x100_0000).build();
  }

  @Override
  protected PhysicalBus hardware() {
    return new FakeEcam(behind, BASE, 0, 8);
  }

  @Override
  protected long aim(HostBridgePort bridge, FakeConfiguration seen, int rid, int register) {
    return BASE + ((rid & 0xFFFFL) << 8) + register;
  }
}
