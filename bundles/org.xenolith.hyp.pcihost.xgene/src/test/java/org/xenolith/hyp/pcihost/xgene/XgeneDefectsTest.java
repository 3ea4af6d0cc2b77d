// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.pcihost.xgene;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.hyp.api.HostBridgePort;
import org.xenolith.hyp.api.HostBridgesPort;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.testkit.FakeNode;
import org.xenolith.testkit.hyp.FakeConfiguration;
import org.xenolith.testkit.hyp.FakeHypervisor;
import org.xenolith.testkit.hyp.HostBridgeDriverContract;

/** Each thing that the driver does about a defect, switched off: the defect is there. */
class XgeneDefectsTest {
  private final FakeConfiguration behind = new FakeConfiguration();
  private final FakePort port = new FakePort(behind);

  private HostBridgePort without(String workaround) {
    return with(Map.of(workaround, "false"));
  }

  private HostBridgePort with(Map<String, String> options) {
    FakeHypervisor hyp = new FakeHypervisor(1, options);
    hyp.beside(FakePort.node());
    FakePort.node().windows().forEach(w -> hyp.machine().window(w, HostBridgeDriverContract.window(w, port)));
    hyp.install("pcihost.xgene", new XgeneDriverComponent());
    behind.add(0x100, 0x1234_1DED);
    behind.add(0x200, 0x5678_1DED);
    return hyp.port(HostBridgesPort.class).all().getFirst();
  }

  @Test
  void aSelectorThatIsOnItsWayStillAimsAtTheFunctionBefore() {
    HostBridgePort bridge = without(XgeneDriverComponent.FLUSH_SELECTOR);
    bridge.read(0x100, 0, 4);
    bridge.read(0x100, 0, 4);
    assertNotEquals(0x5678_1DED, bridge.read(0x200, 0, 4));
  }

  @Test
  void narrowReadsHaveTheLowestBitsOfTheWord() {
    HostBridgePort bridge = without(XgeneDriverComponent.WORD_READS);
    assertEquals(0x1DED, bridge.read(0x100, 2, 2));
    assertEquals(0xED, bridge.read(0x100, 3, 1));
  }

  @Test
  void theRootPortIsEveryDeviceOfItsBus() {
    assertEquals(0xE004_10E8, without(XgeneDriverComponent.ROOT_ALONE).read(31 << 3, 0, 4));
  }

  @Test
  void theRootPortsBarsCanBeSizedToDeath() {
    without(XgeneDriverComponent.HIDE_ROOT_BARS).write(0, 0x10, 4, -1);
    assertEquals(-1, behind.at(0).get(0x10, 4));
  }

  @Test
  void theHardwareDomainsDriverPlacesTheInboundRegionInThem() {
    HostBridgePort bridge = with(Map.of());
    bridge.trappedWrite(bridge, FakePort.WINDOW + 0x10, 4, 0x0000_000C);
    bridge.trappedWrite(bridge, FakePort.WINDOW + 0x14, 4, 0x80);
    assertEquals(0x0000_000C, behind.at(0).get(0x10, 4));
    assertEquals(0x80, behind.at(0).get(0x14, 4));
    assertEquals(0x80, bridge.trappedRead(bridge, FakePort.WINDOW + 0x14, 4));
    bridge.write(0, 0x14, 4, -1);
    assertEquals(0, bridge.read(0, 0x14, 4));
    assertEquals(0x80, behind.at(0).get(0x14, 4));
  }

  @Test
  void crsInventsDevices() {
    HostBridgePort bridge = without(XgeneDriverComponent.HIDE_CRS);
    assertEquals(1 << 16, bridge.read(0, 0x5C, 4));
    bridge.write(0, 0x5C, 2, 0x10);
    assertEquals(0xFFFF_0001, bridge.read(0x108, 0, 4));
  }

  @Test
  void aNodeWithoutNamesIsRefused() {
    refused(FakeNode.at("/pcie"));
    refused(FakeNode.at("/pcie").flag("reg-names"));
  }

  private static void refused(FakeNode unnamed) {
    PlatformNode node = unnamed.compatible("apm,xgene-pcie").property(FdtProperty.ofStrings("device_type", "pci"))
        .window(FakePort.REGISTERS, 0x1_0000).window(FakePort.WINDOW, 0x4_0000).build();
    FakeHypervisor hyp = new FakeHypervisor();
    hyp.beside(node);
    hyp.install("pcihost.xgene", new XgeneDriverComponent());
    assertFalse(hyp.port(HostBridgesPort.class).all().getFirst().present());
    String text = hyp.context("pcihost.xgene").reportedEvents().getFirst().text();
    assertTrue(text.contains("expected a window csr"), text);
  }
}
