// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.acpi.namespace;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.xenolith.acpi.codec.Resource;
import org.xenolith.acpi.codec.Structure;
import org.xenolith.acpi.codec.TableIdentity;
import org.xenolith.acpi.codec.aml.Aml;
import org.xenolith.acpi.codec.aml.AmlName;
import org.xenolith.acpi.codec.aml.AmlNamespace;
import org.xenolith.acpi.codec.aml.AmlTerm;
import org.xenolith.acpi.codec.aml.AmlWriter;
import org.xenolith.acpi.codec.aml.MachineCheck;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtBuilder;
import org.xenolith.firmware.api.AcpiBridgeKind;
import org.xenolith.firmware.kit.AcpiParts;
import org.xenolith.firmware.kit.AcpiSetting;
import org.xenolith.firmware.kit.AcpiTables;
import org.xenolith.platform.api.Platform;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.testkit.FakeNode;

class BridgeDeviceTest {
  private static final AmlName BRIDGE = AmlName.of("\\_SB.PCI0");
  private static final AcpiBridgeKind KIND = (machine, node) -> Optional.of(new AcpiBridgeKind.Configuration(0x40_0000_0000L, 0, 0x3f));

  private final List<PlatformNode> nodes = new ArrayList<>(List.of(
      FakeNode.at("/gic").compatible("arm,gic-400").cells("#interrupt-cells", 3).cells("phandle", 1).build()));
  private AcpiTables tables;

  private AmlNamespace namespace(FakeNode bridge) {
    List<PlatformNode> all = new ArrayList<>(nodes);
    all.add(bridge.build());
    Platform platform = new Platform("sample", Fdt.of(FdtBuilder.root().build()), all, Platform.Timing.STANDARD);
    tables = AcpiTables.of(platform, new AcpiParts(List.of(new DsdtBuilder()), Map.of(), Map.of("acme,pcie", KIND)),
        AcpiSetting.of(new TableIdentity("MAKER", "BOARD", 1, "TOOL", 1)));
    assertEquals(List.of(), MachineCheck.faults(tables.set()));
    return AmlNamespace.of(tables.set().definitions());
  }

  private static FakeNode bridge(String path) {
    return FakeNode.at(path).compatible("acme,pcie");
  }

  /** One that was read keeps the lengths that it had there. */
  private static void same(AmlTerm expected, AmlTerm actual) {
    assertArrayEquals(AmlWriter.write(List.of(expected)), AmlWriter.write(List.of(actual)));
  }

  @Test
  void anInterruptThatIsNotLevelSensitiveAndActiveHighHasALinkThatSaysSo() {
    AmlNamespace namespace = namespace(bridge("/pcie").cells("interrupt-map-mask", 0, 0, 0, 7)
        .cells("interrupt-map", 0, 0, 0, 1, 1, 0, 0xc2, 1, 0, 0, 0, 2, 1, 0, 0xc3, 4));
    AmlTerm.Operation routes = (AmlTerm.Operation) namespace.value(BRIDGE, "_PRT").orElseThrow();
    assertEquals(64, routes.body().size());
    same(Aml.pack(Aml.number(0xffff), Aml.number(0), Aml.reference("LN00"), Aml.number(0)), routes.body().get(0));
    same(Aml.pack(Aml.number(0xffff), Aml.number(1), Aml.number(0), Aml.number(0xc3 + 32)), routes.body().get(1));
    same(Aml.pack(Aml.number(0x1f_ffff), Aml.number(1), Aml.number(0), Aml.number(0xc3 + 32)), routes.body().get(63));
    Structure link = namespace.resources(AmlName.of("\\_SB.PCI0.LN00")).orElseThrow().getFirst();
    assertEquals(Resource.CONSUMER | Resource.EDGE, link.get(Resource.ExtendedInterrupt.FLAGS));
    assertEquals(0xc2 + 32, link.all(Resource.NUMBER).getFirst().get(Resource.Number.GSIV));
  }

  @Test
  void aDeviceHasTheRowThatTheMaskLeavesForIt() {
    AmlTerm.Operation routes = (AmlTerm.Operation) namespace(bridge("/pcie").cells("interrupt-map-mask", 0x800, 0, 0, 7)
        .cells("interrupt-map", 0, 0, 0, 1, 1, 0, 3, 4, 0x800, 0, 0, 1, 1, 0, 4, 4)).value(BRIDGE, "_PRT").orElseThrow();
    assertEquals(32, routes.body().size());
    same(Aml.route(0, 0, 35), routes.body().get(0));
    same(Aml.route(1, 0, 36), routes.body().get(1));
    same(Aml.route(2, 0, 35), routes.body().get(2));
  }

  @Test
  void windowsAreWhereProcessorsSeeThem() {
    nodes.add(FakeNode.at("/soc").cells("#address-cells", 1).cells("#size-cells", 1)
        .cells("ranges", 0x1000_0000, 0, 0x8000_0000, 0x2000_0000).build());
    List<Structure> resources = namespace(bridge("/soc/pcie").cells("ranges", 0x0100_0000, 0, 0, 0x1000_0000, 0, 0x1_0000,
        0x0200_0000, 0, 0x4000_0000, 0x1800_0000, 0, 0x800_0000, 0x4300_0000, 0, 0x5000_0000, 0x9000_0000, 0, 0x1000))
        .resources(BRIDGE).orElseThrow();
    assertEquals(3, resources.size());
    Structure ports = resources.get(1);
    assertEquals(Resource.IO, ports.get(Resource.QwordAddressSpace.RESOURCE_TYPE));
    assertEquals(0, ports.get(Resource.QwordAddressSpace.MINIMUM));
    assertEquals(0xffff, ports.get(Resource.QwordAddressSpace.MAXIMUM));
    assertEquals(0x8000_0000L, ports.get(Resource.QwordAddressSpace.TRANSLATION));
    Structure memory = resources.get(2);
    assertEquals(0x4000_0000L, memory.get(Resource.QwordAddressSpace.MINIMUM));
    assertEquals(0x4800_0000L, memory.get(Resource.QwordAddressSpace.TRANSLATION));
    assertEquals(Resource.READ_WRITE, memory.get(Resource.QwordAddressSpace.TYPE_FLAGS));
    assertTrue(tables.untold().toString().contains("its window at 0x90000000 is nowhere"), tables.untold().toString());
  }

  @Test
  void aPrefetchableWindowIsMarkedAndConfigurationSpaceIsReserved() {
    AmlNamespace namespace = namespace(bridge("/pcie").flag("dma-coherent").cells("linux,pci-domain", 3)
        .cells("ranges", 0x4300_0000, 0x80, 0, 0x80, 0, 1, 0).cells("dma-ranges", 0x4200_0000, 0x80, 0, 0, 0, 1, 0));
    assertEquals(Resource.READ_WRITE | Resource.PREFETCHABLE, namespace.resources(BRIDGE).orElseThrow().get(1)
        .get(Resource.QwordAddressSpace.TYPE_FLAGS));
    Structure space = namespace.resources(AmlName.of("\\_SB.PCI0.RES0")).orElseThrow().getFirst();
    assertEquals(0x40_0000_0000L, space.get(Resource.QwordAddressSpace.MINIMUM));
    assertEquals(0x40_03ff_ffffL, space.get(Resource.QwordAddressSpace.MAXIMUM));
    assertEquals(Optional.of(3L), namespace.number(BRIDGE, "_SEG"));
    assertEquals(Optional.of(1L), namespace.number(BRIDGE, "_CCA"));
    assertEquals(Optional.of("PNP0A08"), namespace.id(BRIDGE, "_HID"));
    assertTrue(tables.untold().toString().contains("dma-ranges"), tables.untold().toString());
  }

  @Test
  void whatFirmwareSetUpIsKeptWhereTheTopologySaysSo() {
    AmlTerm other = method(namespace(bridge("/pcie")));
    AmlTerm keep = method(namespace(bridge("/pcie").cells("linux,pci-probe-only", 1)));
    assertEquals(BridgeMethods.settings(false), other);
    assertEquals(BridgeMethods.settings(true), keep);
    nodes.add(FakeNode.at("/chosen").cells("linux,pci-probe-only", 1).build());
    assertEquals(keep, method(namespace(bridge("/pcie"))));
    assertFalse(keep.equals(other));
  }

  private static AmlTerm method(AmlNamespace namespace) {
    AmlTerm.Operation found = namespace.find(AmlName.of("_DSM").in(BRIDGE)).orElseThrow();
    return new AmlTerm.Operation(found.opcode(), found.operands(), found.body(), 0);
  }
}
