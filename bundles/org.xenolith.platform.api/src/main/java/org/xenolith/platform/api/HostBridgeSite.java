// SPDX-License-Identifier: EPL-2.0
package org.xenolith.platform.api;

import java.util.ArrayList;
import java.util.List;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtInterrupts;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.fdt.FdtReference;

/**
 * The place that a board has for a PCI host bridge.
 *
 * @param tree           the board's tree, with a generic bridge (ECAM; devicetree binding host-generic-pci) in the place
 * @param path           path of that bridge: its {@code reg} is all the room for a configuration window, its {@code ranges} the windows
 *                       to the bus, and {@code msi-map} and {@code iommu-map} are there where the board has them
 * @param registers      room in the address space for registers that generic bridges don't have; of size 0 for none
 * @param firstInterrupt number, at the board's interrupt controller, of the first interrupt that is free for the bridge; see {@link #interrupt}
 * @param interrupts     how many are free, one after another
 * @param firstPhandle   first of sixteen phandles that no node of the board has
 * @param clock          phandle of a clock that always runs; 0 for none
 */
public record HostBridgeSite(Fdt tree, String path, AddressWindow registers, int firstInterrupt, int interrupts, int firstPhandle,
    int clock) {
  private static final String COMPATIBLE = "compatible";
  private static final String REG = "reg";

  /** The generic bridge. */
  public FdtNode generic() {
    return tree.node(path).orElseThrow(() -> new PlatformException("the board has no node " + path + " for a host bridge"));
  }

  /** The room for the configuration window, in the addresses of the bridge's bus, which is the root. */
  public AddressWindow configuration() {
    FdtProperty reg = generic().property(REG).filter(p -> p.length() == 16)
        .orElseThrow(() -> new PlatformException(path + " on the board has no reg of two 64-bit numbers"));
    return new AddressWindow(reg.number(0, 2), reg.number(2, 2));
  }

  /**
   * The specifier of one of the free interrupts for the board's interrupt controller: as those of the generic bridge's pins, {@code interrupt-map}, with its own number.
   *
   * @param index 0 to {@link #interrupts} - 1
   * @throws PlatformException if the pins of the generic bridge don't tell which cell has the number
   */
  public int[] interrupt(int index) {
    FdtNode device = new FdtNode("pins@0", List.of(FdtProperty.ofCells(REG, 0, 0, 0, 0, 0), FdtProperty.ofCells("interrupts", 1, 2, 3, 4)),
        List.of());
    Fdt with = tree.edit(path, node -> node.withChild(device));
    List<int[]> pins = new FdtInterrupts(with.index(), (node, what, remedy) -> {}).of(with.node(path + "/pins@0").orElseThrow()).stream()
        .map(FdtReference::cells).toList();
    int number = -1;
    for (int cell = 0; pins.size() > 1 && cell < Math.min(pins.get(0).length, pins.get(1).length); cell++) {
      if (pins.get(0)[cell] != pins.get(1)[cell]) {
        number = number < 0 ? cell : Integer.MAX_VALUE;
      }
    }
    if (number < 0 || number == Integer.MAX_VALUE) {
      throw new PlatformException("a board whose generic bridge has an interrupt-map with another interrupt for each pin");
    }
    int[] specifier = pins.get(0).clone();
    specifier[number] = firstInterrupt + index;
    return specifier;
  }

  /**
   * The tree with a bridge that differs from the generic one by what it says of itself: {@code compatible}, the size of its first
   * window and further properties.
   *
   * @throws PlatformException if its window is larger than the room
   */
  public Fdt withBridge(HostBridgeKind kind) {
    AddressWindow room = configuration();
    if (Long.compareUnsigned(kind.configurationBytes(), room.size()) > 0) {
      throw new PlatformException("a board that has 0x" + Long.toHexString(kind.configurationBytes())
          + " bytes for the configuration window; this one has 0x" + Long.toHexString(room.size()));
    }
    return tree.edit(path, node -> {
      FdtNode bridge = node.withProperty(FdtProperty.ofStrings(COMPATIBLE, kind.compatible().toArray(String[]::new)))
          .withProperty(FdtProperty.ofU64(REG, room.base(), kind.configurationBytes()));
      for (FdtProperty property : kind.properties()) {
        bridge = bridge.withProperty(property);
      }
      return bridge;
    });
  }

  /** The tree with further nodes right behind the bridge, in their order. */
  public static Fdt withNodes(Fdt tree, String path, List<FdtNode> nodes) {
    int slash = path.lastIndexOf('/');
    String parent = slash <= 0 ? "/" : path.substring(0, slash);
    String name = path.substring(slash + 1);
    return tree.edit(parent, node -> {
      List<FdtNode> children = new ArrayList<>();
      for (FdtNode child : node.children()) {
        children.add(child);
        if (child.name().equals(name)) {
          children.addAll(nodes);
        }
      }
      return new FdtNode(node.name(), node.properties(), children);
    });
  }
}
