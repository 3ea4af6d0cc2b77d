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

/** ECAM from bus 0x10 to 0x1F. */
class EcamDriverContractTest extends HostBridgeDriverContract {
  private static final long BASE = 0x40_1000_0000L;

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
    return FakeNode.at("/pcie").compatible("pci-host-ecam-generic").property(FdtProperty.ofStrings("device_type", "pci"))
        .window(BASE, 0x100_0000).cells("bus-range", 0x10, 0x1F).build();
  }

  @Override
  protected PhysicalBus hardware() {
    return new FakeEcam(behind, BASE, 0x10, 12);
  }

  @Override
  protected long aim(HostBridgePort bridge, FakeConfiguration seen, int rid, int register) {
    return BASE + ((rid & 0xFFFF) - 0x1000L << 12) + register;
  }
}
