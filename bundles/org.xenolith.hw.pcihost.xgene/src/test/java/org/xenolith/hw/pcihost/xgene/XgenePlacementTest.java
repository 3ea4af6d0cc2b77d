// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.pcihost.xgene;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtBuilder;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.platform.api.HostBridgeSite;
import org.xenolith.platform.api.PlatformException;

/** X-Gene's port on a board that isn't {@code virt}: everything follows from the place that the board has. */
class XgenePlacementTest {
  private static final String PATH = "/pcie@40000000";
  private static final AddressWindow ROOM = new AddressWindow(0x6000_0000L, 0x100_0000);

  private static Fdt board(String taker, boolean iommu, boolean forHypervisor) {
    FdtBuilder root = FdtBuilder.root().cells("#address-cells", 2).cells("#size-cells", 2).cells("interrupt-parent", 1);
    FdtBuilder intc = root.child("intc@2f000000").cells("phandle", 1).flag("interrupt-controller").cells("#interrupt-cells", 3).cells(
        "#address-cells", 0);
    if (forHypervisor) {
      intc.cells("interrupts", 1, 9, 4);
    }
    intc.child("frame@2f040000").strings("compatible", taker).cells("phandle", 3);
    FdtBuilder bridge = root.child(PATH.substring(1)).strings("compatible", "pci-host-ecam-generic").u64("reg", 0x4000_0000L, 256 << 20)
        .cells("ranges", 0x0200_0000, 0, 0x5000_0000, 0, 0x5000_0000, 0, 0x0C00_0000, 0x0300_0000, 0x60, 0, 0x60, 0, 0x30, 0)
        .cells("msi-map", 0, 3, 0, 0x1_0000).cells("#address-cells", 3).cells("#interrupt-cells", 1)
        .cells("interrupt-map-mask", 0, 0, 0, 7).cells("interrupt-map", 0, 0, 0, 1, 1, 0, 80, 4, 0, 0, 0, 2, 1, 0, 81, 4);
    if (iommu) {
      bridge.cells("iommu-map", 0, 4, 0, 0x1_0000);
    }
    root.child("last@1");
    return Fdt.of(root.build());
  }

  private static HostBridgeSite site(Fdt tree, AddressWindow room, int interrupts) {
    return new HostBridgeSite(tree, PATH, room, 96, interrupts, 16, 2);
  }

  @Test
  void registersClockAndMessagesAreInTheRoomThatTheBoardHas() {
    Fdt tree = new XgeneKind().place(site(board("arm,gic-v2m-frame", false, false), ROOM, 16));
    assertEquals(List.of("intc@2f000000", "pcie@40000000", "pcie-clock@6000c000", "msi@60100000", "last@1"), tree.root().children().stream()
        .map(FdtNode::name).toList());
    FdtNode bridge = tree.node(PATH).orElseThrow();
    assertEquals(FdtProperty.ofU64("reg", 0x6000_0000L, 0x1_0000, 0x4000_0000L, 256 << 10), bridge.property("reg").orElseThrow());
    assertEquals(FdtProperty.ofCells("msi-parent", 3), bridge.property("msi-parent").orElseThrow());
    assertFalse(bridge.has("msi-map"));
    assertTrue(tree.node("/intc@2f000000/frame@2f040000").isEmpty(), "another takes its messages");
    FdtProperty messages = tree.node("/msi@60100000").orElseThrow().property("interrupts").orElseThrow();
    assertEquals(3 * 16, messages.cellCount());
    assertEquals("[0, 96, 4, 0, 97, 4]", Arrays.toString(Arrays.copyOf(messages.cells(), 6)), "as the pins' at that controller");
    assertEquals(16, bridge.property("clocks").orElseThrow().cell(0));
  }

  @Test
  void outboundWindowsAreAlignedPowersOfTwo() {
    FdtProperty ranges = new XgeneKind().place(site(board("arm,gic-v3-its", false, false), ROOM, 16)).node(PATH).orElseThrow().property(
        "ranges").orElseThrow();
    assertEquals(FdtProperty.ofCells("ranges", 0x0200_0000, 0, 0x5000_0000, 0, 0x5000_0000, 0, 0x0800_0000, 0x4300_0000, 0x60, 0, 0x60, 0,
        0x20, 0), ranges);
  }

  @Test
  void anItsGoesOnTakingMessages() {
    Fdt tree = new XgeneAsEcamKind().place(site(board("arm,gic-v3-its", true, false), ROOM, 16));
    FdtNode bridge = tree.node(PATH).orElseThrow();
    assertTrue(bridge.has("msi-map") && !bridge.has("msi-parent") && tree.node("/msi@60100000").isEmpty());
    assertEquals(FdtProperty.ofU64("reg", 0x4000_0000L, 256 << 20, 0x6000_0000L, 0x1_0000), bridge.property("reg").orElseThrow());
  }

  @Test
  void whatABoardCannotHaveIsSaid() {
    refused("16 interrupts", site(board("arm,gic-v2m-frame", false, false), ROOM, 15));
    refused("bytes for its registers", site(board("arm,gic-v2m-frame", false, false), new AddressWindow(0, 0), 16));
    refused("under a hypervisor (virtualization=on)", site(board("arm,gic-v2m-frame", true, false), ROOM, 16));
    assertTrue(new XgeneKind().place(site(board("arm,gic-v2m-frame", true, true), ROOM, 16)).node(PATH).orElseThrow().has("iommu-map"));
  }

  private static void refused(String says, HostBridgeSite site) {
    String message = assertThrows(PlatformException.class, () -> new XgeneKind().place(site)).getMessage();
    assertTrue(message.contains(says), message);
  }
}
