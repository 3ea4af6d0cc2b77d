// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.pcihost.ecam;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.hyp.api.HostBridgePort;
import org.xenolith.hyp.api.HostBridgesPort;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.testkit.FakeNode;
import org.xenolith.testkit.hyp.FakeConfiguration;
import org.xenolith.testkit.hyp.FakeHypervisor;
import org.xenolith.testkit.hyp.HostBridgeDriverContract;

class EcamDriverTest {
  private static final long BASE = 0x3F00_0000L;

  private final FakeHypervisor hyp = new FakeHypervisor();
  private final FakeConfiguration behind = new FakeConfiguration();

  private HostBridgePort bridge(FakeNode node) {
    hyp.beside(node.property(FdtProperty.ofStrings("device_type", "pci")).build());
    hyp.install("pcihost.ecam", new EcamDriverComponent());
    return hyp.port(HostBridgesPort.class).all().getFirst();
  }

  private static FakeNode ecam() {
    return FakeNode.at("/pcie").compatible("pci-host-ecam-generic");
  }

  private String refusal() {
    assertEquals(1, hyp.context("pcihost.ecam").reportedEvents().size());
    return hyp.context("pcihost.ecam").reportedEvents().getFirst().text();
  }

  @Test
  void aWindowThatIsTooSmallForTheBusRangeEndsIt() {
    HostBridgePort bridge = bridge(ecam().window(BASE, 0x40_0000).cells("bus-range", 2, 0xFF));
    assertEquals(2, bridge.firstBus());
    assertEquals(5, bridge.lastBus());
    assertTrue(bridge.covers(5));
    assertFalse(bridge.covers(6));
  }

  @Test
  void aNodeWithoutWindowIsRefused() {
    assertFalse(bridge(ecam()).present());
    assertTrue(refusal().contains("no reg"), refusal());
  }

  @Test
  void aWindowWithoutRoomForABusIsRefused() {
    assertFalse(bridge(ecam().window(BASE, 0x8_0000)).present());
    assertTrue(refusal().contains("whole buses"), refusal());
  }

  @Test
  void aSenselessBusRangeIsRefused() {
    assertFalse(bridge(ecam().window(BASE, 0x100_0000).cells("bus-range", 4, 3)).present());
    assertTrue(refusal().contains("bus-range"), refusal());
  }

  @Test
  void aBusRangeOfOneCellIsRefused() {
    assertFalse(bridge(ecam().window(BASE, 0x100_0000).cells("bus-range", 4)).present());
    assertTrue(refusal().contains("bus-range"), refusal());
  }

  @Test
  void theBusErrorsOfAnEmptyWindowAreAllOnes() {
    HostBridgePort bridge = bridge(ecam().window(BASE, 0x100_0000));
    assertEquals(-1, bridge.read(0x100, 0, 4));
    bridge.write(0x100, 4, 2, 6);
  }

  @Test
  void camHasNoExtendedRegisters() {
    AddressWindow window = new AddressWindow(BASE, 0x100_0000);
    hyp.machine().window(window, HostBridgeDriverContract.window(window, new FakeEcam(behind, BASE, 0, 8)));
    HostBridgePort bridge = bridge(FakeNode.at("/pci").compatible("pci-host-cam-generic").window(BASE, 0x100_0000));
    behind.add(8, 0x1234_5678);
    assertEquals(0x1234_5678, bridge.read(8, 0, 4));
    assertEquals(-1, bridge.read(8, 0x100, 4));
    bridge.write(8, 0x100, 4, 0);
    assertEquals(List.of("r 0008 000 4"), behind.cycles());
  }
}
