// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.pcihost.ecam;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.PhysicalBus;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.pci.FakeFunction;
import org.xenolith.testkit.FakeNode;

/** Configuration mechanism #1 beside the ECAM. */
class ConfigurationPortsTest {
  private static final String BUS = "/pcie@b0000000";
  private static final int ADDRESS = 0;
  private static final int DATA = 4;
  private FakeContext bridge;
  private DeviceModel model;

  @BeforeEach
  void start() {
    bridge = new FakeContext(FakeNode.at(BUS).compatible("pci-host-ecam-generic").window(0xb000_0000L, 256 << 20).window(PhysicalBus.PORTS
        + 0xcf8, 8).build());
    model = bridge.create(new GenericHostComponent());
    new FakeFunction(bridge.at(FakeFunction.node(BUS, 1 << 3)), 1);
  }

  private void address(long value) {
    bridge.write(1, ADDRESS, 4, value);
  }

  @Test
  void functionsAreReachedByPorts() {
    address(0x8000_0800L);
    assertEquals(FakeFunction.IDS, bridge.read(1, DATA, 4));
    assertEquals(FakeFunction.IDS & 0xFFFF, bridge.read(1, DATA, 2));
    assertEquals(FakeFunction.IDS >>> 16 & 0xFFFF, bridge.read(1, DATA + 2, 2));
    address(0x8000_083CL);
    bridge.write(1, DATA, 1, 0x42);
    assertEquals(0x42, bridge.read(0, 0x803C, 1), "what the ECAM has");
    address(0x8000_1000L);
    assertEquals(0xFFFF_FFFFL, bridge.read(1, DATA, 4), "nobody's");
  }

  @Test
  void onlyWholeWordsAreAnAddress() {
    address(0xFFFF_FFFFL);
    assertEquals(0x80FF_FFFCL, bridge.read(1, ADDRESS, 4));
    bridge.write(1, 1, 1, 0x06);
    assertEquals(0x80FF_FFFCL, bridge.read(1, ADDRESS, 4));
    assertEquals(0xFF, bridge.read(1, 1, 1));
    address(0x0000_0800L);
    assertEquals(0xFFFF_FFFFL, bridge.read(1, DATA, 4), "not enabled");
  }

  @Test
  void handOverKeepsTheAddress() {
    address(0x8000_0800L);
    FakeContext next = bridge.successor();
    DeviceModel successor = next.create(new GenericHostComponent());
    successor.state().restore(model.state().save());
    successor.restored();
    assertEquals(0x8000_0800L, next.read(1, ADDRESS, 4));
    successor.reset();
    assertEquals(0, next.read(1, ADDRESS, 4));
  }
}
