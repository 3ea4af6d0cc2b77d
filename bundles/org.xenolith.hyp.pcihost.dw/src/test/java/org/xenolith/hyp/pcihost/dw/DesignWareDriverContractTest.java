// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.pcihost.dw;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.hyp.api.HostBridgePort;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.PhysicalBus;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.testkit.FakeNode;
import org.xenolith.testkit.hyp.FakeConfiguration;
import org.xenolith.testkit.hyp.HostBridgeDriverContract;

class DesignWareDriverContractTest extends HostBridgeDriverContract {
  static final long BASE = 0x6000_0000L;

  static PlatformNode bridgeNode() {
    return FakeNode.at("/pcie@60000000").compatible("socionext,synquacer-pcie-ecam", "snps,dw-pcie-ecam")
        .property(FdtProperty.ofStrings("device_type", "pci")).window(BASE, 0x7F0_0000).cells("bus-range", 0, 0x7E).build();
  }

  @Override
  protected DeviceModelFactory factory() {
    return new DesignWareDriverComponent();
  }

  @Override
  protected String role() {
    return "pcihost.dw";
  }

  @Override
  protected PlatformNode node() {
    return bridgeNode();
  }

  @Override
  protected PhysicalBus hardware() {
    return new FakeDesignWare(behind, BASE);
  }

  @Override
  protected long aim(HostBridgePort bridge, FakeConfiguration seen, int rid, int register) {
    return BASE + ((rid & 0xFFFFL) << 12) + register;
  }

  @Test
  void theDeviceOnTheRootBusIsThereOnce() {
    behind.add(0, 0x1111_16C3);
    assertEquals(0x1111_16C3, bridge().read(0, 0, 4));
    for (int device = 1; device < 32; device++) {
      assertEquals(-1, bridge().read(device << 3, 0, 4), "device " + device);
    }
    bridge().write(8, 4, 2, 6);
    assertEquals(0, behind.at(0).get(4, 2));
  }

  @Test
  void theHardwareDomainDoesntSeeGhostsEither() {
    FakeConfiguration seen = new FakeConfiguration();
    assertEquals(0xFFFF_FFFFL, bridge().trappedRead(seen, BASE + 0x8000, 4));
    bridge().trappedWrite(seen, BASE + 0x8004, 2, 6);
    assertEquals(List.of(), seen.cycles());
  }
}
