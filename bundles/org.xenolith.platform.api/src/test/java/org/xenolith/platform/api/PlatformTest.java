// SPDX-License-Identifier: EPL-2.0
package org.xenolith.platform.api;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.platform.api.Platform.Timing;

/** What the records of a platform keep, find and refuse. */
class PlatformTest {
  private static PlatformNode node(String path, boolean enabled, FdtProperty... properties) {
    String parent = path.lastIndexOf('/') == 0 ? "/" : path.substring(0, path.lastIndexOf('/'));
    return new PlatformNode(path, path.substring(path.lastIndexOf('/') + 1), path.equals("/") ? "" : parent, List.of(properties), List.of(
        "acme,a", "acme,b"), enabled, List.of(new AddressWindow(0x1000, 0x100)), List.of(), Map.of());
  }

  private static Platform platform(PlatformNode... nodes) {
    return new Platform("test", null, List.of(nodes), Timing.STANDARD);
  }

  @Test
  void nodesAreFoundByPathPhandleAndKind() {
    PlatformNode root = node("/", true);
    PlatformNode cpu = node("/cpu@0", true, FdtProperty.ofStrings("device_type", "cpu"), FdtProperty.ofCells("phandle", 7));
    PlatformNode off = node("/memory@0", false, FdtProperty.ofStrings("device_type", "memory"));
    PlatformNode memory = node("/memory@1", true, FdtProperty.ofStrings("device_type", "memory"));
    PlatformNode deep = node("/memory@1/part", true);
    Platform platform = platform(root, cpu, off, memory, deep);
    assertEquals(Optional.of(deep), platform.node("/memory@1/part"));
    assertEquals(Optional.empty(), platform.node("/memory"));
    assertEquals(Optional.of(cpu), platform.byPhandle(7));
    assertEquals(Optional.empty(), platform.byPhandle(8));
    // Neither names a node, even if one has it (Devicetree Specification 0.4, 2.3.3).
    Platform odd = platform(node("/a", true), node("/b", true, FdtProperty.ofCells("phandle", -1)));
    assertEquals(Optional.empty(), odd.byPhandle(0));
    assertEquals(Optional.empty(), odd.byPhandle(-1));
    assertEquals(List.of(cpu, off, memory), platform.children("/"));
    assertEquals(List.of(cpu), platform.cpus());
    assertEquals(List.of(new AddressWindow(0x1000, 0x100)), platform.memory(), "but that of a disabled node");
    assertEquals(new Timing(1000, 20_000), Timing.STANDARD);
  }

  @Test
  void nodeKeepsItsOwnListsAndAnswersForWhatIsAbsent() {
    List<String> compatible = new ArrayList<>(List.of("acme,a"));
    PlatformNode node = new PlatformNode("/a", "a", "/", List.of(FdtProperty.ofFlag("flag"), FdtProperty.ofCells("cells", -1, 2),
        FdtProperty
            .ofStrings(PlatformNode.PLUGGED, "1.0")), compatible, true, List.of(), List.of(), Map.of());
    compatible.clear();
    assertTrue(node.isCompatible("acme,a"));
    assertTrue(node.has("flag"));
    assertFalse(node.has("none"));
    assertEquals(0xFFFF_FFFFL, node.cell("cells", 5));
    assertEquals(5, node.cell("none", 5));
    assertEquals(Optional.of("1.0"), node.slot());
    assertEquals(Optional.empty(), node("/b", true).slot());
  }

  @Test
  void interruptIsAValueOfItsCells() {
    int[] cells = {0, 33, 4};
    InterruptSpecifier interrupt = new InterruptSpecifier("/gic", cells);
    cells[1] = 34;
    interrupt.cells()[2] = 9;
    assertArrayEquals(new int[] {0, 33, 4}, interrupt.cells());
    assertEquals(new InterruptSpecifier("/gic", new int[] {0, 33, 4}), interrupt);
    assertEquals(new InterruptSpecifier("/gic", new int[] {0, 33, 4}).hashCode(), interrupt.hashCode());
    assertNotEquals(new InterruptSpecifier("/gic2", new int[] {0, 33, 4}), interrupt);
    assertNotEquals(new InterruptSpecifier("/gic", new int[] {0, 34, 4}), interrupt);
    assertEquals("/gic[0, 33, 4]", interrupt.toString());
  }

  @Test
  void windowAndFindingAreToldToPeople() {
    assertEquals(0x1100, new AddressWindow(0x1000, 0x100).end());
    assertEquals("Timing[picosecondsPerInstruction=1000, quantum=20000]", Platform.Timing.STANDARD.toString(), "digests have it");
    assertEquals("0x1000..0x10ff", new AddressWindow(0x1000, 0x100).toString());
    assertEquals("error: /a: reg is empty; give it two cells", new Finding(Finding.Severity.ERROR, "/a", "reg is empty",
        "give it two cells")
        .toString());
    assertEquals("note: /a: no model", new Finding(Finding.Severity.NOTE, "/a", "no model", "").toString());
  }

  private static HostBridgeSite site(FdtProperty... properties) {
    FdtNode bridge = new FdtNode("pcie@1000", List.of(properties), List.of());
    FdtNode last = new FdtNode("last", List.of(), List.of());
    return new HostBridgeSite(Fdt.of(new FdtNode("", List.of(), List.of(bridge, last))), "/pcie@1000", new AddressWindow(0, 0), 3, 1, 10,
        0);
  }

  /** A kind that says nothing but what it must. */
  private static HostBridgeKind kind(long bytes) {
    return new HostBridgeKind() {
      @Override
      public List<String> compatible() {
        return List.of("acme,bridge", "pci-host-ecam-generic");
      }

      @Override
      public long configurationBytes() {
        return bytes;
      }
    };
  }

  @Test
  void hostBridgeTakesThePlaceOfTheGenericOne() {
    HostBridgeSite site = site(FdtProperty.ofU64("reg", 0x1000, 0x200), FdtProperty.ofStrings("compatible", "pci-host-ecam-generic"));
    FdtNode bridge = kind(0x100).place(site).node("/pcie@1000").orElseThrow();
    assertEquals(List.of("acme,bridge", "pci-host-ecam-generic"), bridge.property("compatible").orElseThrow().strings());
    assertEquals(FdtProperty.ofU64("reg", 0x1000, 0x100), bridge.property("reg").orElseThrow());
    assertEquals(List.of(), kind(0x100).properties());
    String larger = assertThrows(PlatformException.class, () -> kind(0x201).place(site)).getMessage();
    assertTrue(larger.contains("0x201") && larger.contains("0x200"), larger);
    assertThrows(PlatformException.class, () -> kind(-1).place(site), "sizes are unsigned");
    assertThrows(PlatformException.class, () -> site(FdtProperty.ofCells("reg", 1, 2)).configuration());
    assertThrows(PlatformException.class, () -> new HostBridgeSite(site.tree(), "/none", site.registers(), 3, 1, 10, 0).generic());
    Fdt more = HostBridgeSite.withNodes(site.tree(), "/pcie@1000", List.of(new FdtNode("clock", List.of(), List.of())));
    assertEquals(List.of("pcie@1000", "clock", "last"), more.root().children().stream().map(FdtNode::name).toList());
  }

  private static HostBridgeSite wired(int phandle, int... map) {
    FdtNode gic = new FdtNode("gic", List.of(FdtProperty.ofCells("phandle", 1), FdtProperty.ofFlag("interrupt-controller"), FdtProperty
        .ofCells("#interrupt-cells", 3), FdtProperty.ofCells("#address-cells", 2)), List.of());
    FdtNode apic = new FdtNode("apic", List.of(FdtProperty.ofCells("phandle", 2), FdtProperty.ofFlag("interrupt-controller"), FdtProperty
        .ofCells("#interrupt-cells", 2), FdtProperty.ofCells("#address-cells", 0)), List.of());
    int[] rows = new int[map.length + map.length / (phandle == 1 ? 5 : 2) * 5];
    int width = phandle == 1 ? 5 : 2;
    for (int pin = 0; pin < map.length / width; pin++) {
      int at = pin * (width + 5);
      rows[at + 3] = pin + 1;
      rows[at + 4] = phandle;
      System.arraycopy(map, pin * width, rows, at + 5, width);
    }
    FdtNode bridge = new FdtNode("pcie@1000", List.of(FdtProperty.ofCells("#address-cells", 3), FdtProperty.ofCells("#interrupt-cells", 1),
        FdtProperty.ofCells("interrupt-map-mask", 0, 0, 0, 7), FdtProperty.ofCells("interrupt-map", rows)), List.of());
    return new HostBridgeSite(Fdt.of(new FdtNode("", List.of(), List.of(gic, apic, bridge))), "/pcie@1000", new AddressWindow(0, 0), 40, 4,
        10, 0);
  }

  @Test
  void freeInterruptsOfABridgeAreSaidAsItsPinsAre() {
    assertEquals("[0, 42, 4]", Arrays.toString(wired(1, 0, 0, 0, 3, 4, 0, 0, 0, 4, 4).interrupt(2)), "a GIC's: kind, number, trigger");
    assertEquals("[40, 1]", Arrays.toString(wired(2, 16, 1, 17, 1, 18, 1, 19, 1).interrupt(0)), "an I/O APIC's: number, trigger");
    for (HostBridgeSite site : List.of(wired(2, 16, 1), wired(2, 16, 1, 16, 1), wired(2, 16, 1, 17, 3), site())) {
      assertEquals("a board whose generic bridge has an interrupt-map with another interrupt for each pin", assertThrows(
          PlatformException.class, () -> site.interrupt(0)).getMessage());
    }
  }

  @Test
  void requesterHasAnIdOnlyWhereTheTreeSaysSo() {
    PlatformNode smmu = node("/smmu", true, FdtProperty.ofCells("phandle", 1));
    PlatformNode mapped = node("/pcie", true, FdtProperty.ofCells("iommu-map", 0, 1, 0x1000, 0x100));
    Platform platform = platform(smmu, mapped);
    assertEquals(Optional.of(new RequesterId(smmu, 0x1011)), RequesterId.stream(platform, mapped, 0x11));
    assertEquals(Optional.empty(), RequesterId.stream(platform, mapped, 0x100));
    assertEquals(Optional.empty(), RequesterId.message(platform, mapped, 0x11));
    String unknown = assertThrows(PlatformException.class, () -> RequesterId.stream(platform, node("/dma", true, FdtProperty.ofCells(
        "iommus",
        9, 0)), 0)).getMessage();
    assertEquals("/dma: iommus: no node has phandle 0x9", unknown);
    assertThrows(PlatformException.class, () -> RequesterId.streams(platform, node("/pcie", true, FdtProperty.ofCells("iommu-map", 0, 1,
        2))));
  }
}
