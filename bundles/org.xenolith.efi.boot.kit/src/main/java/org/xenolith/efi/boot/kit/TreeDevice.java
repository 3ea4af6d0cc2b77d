// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.boot.kit;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;

/**
 * A device that a device tree names, with its first window (Devicetree Specification 0.4, 2.3).
 *
 * @param path of its node
 * @param node the node
 * @param base physical address of its first window
 * @param size of it
 */
public record TreeDevice(String path, FdtNode node, long base, long size) {
  private static final int CELLS = 2;

  /** All enabled devices that are compatible with something, in the order of the tree. */
  public static List<TreeDevice> of(Fdt tree, String compatible) {
    List<TreeDevice> found = new ArrayList<>();
    search(tree.root(), "", compatible, List.of(), found);
    return found;
  }

  private static void search(FdtNode parent, String path, String compatible, List<FdtNode> buses, List<TreeDevice> found) {
    for (FdtNode node : parent.children()) {
      String here = path + '/' + node.name();
      List<FdtNode> above = new ArrayList<>(buses);
      above.add(parent);
      if (node.property("compatible").map(FdtProperty::strings).orElse(List.of()).contains(compatible) && isEnabled(node)) {
        window(node, above).ifPresent(window -> found.add(new TreeDevice(here, node, window[0], window[1])));
      }
      search(node, here, compatible, above, found);
    }
  }

  private static boolean isEnabled(FdtNode node) {
    return node.property("status").map(FdtProperty::string).map(status -> status.equals("okay") || status.equals("ok")).orElse(true);
  }

  private static int cells(FdtNode node, String name, int otherwise) {
    return node.property(name).filter(property -> property.cellCount() == 1).map(property -> property.cell(0)).orElse(otherwise);
  }

  /** Base and size of the first window, as the CPU sees it; nothing if the buses above don't pass it on. */
  private static Optional<long[]> window(FdtNode node, List<FdtNode> buses) {
    FdtNode bus = buses.getLast();
    int addressCells = cells(bus, "#address-cells", CELLS);
    int sizeCells = cells(bus, "#size-cells", 1);
    FdtProperty reg = node.property("reg").orElse(null);
    if (reg == null || addressCells < 1 || addressCells > CELLS || sizeCells < 1 || sizeCells > CELLS
        || reg.cellCount() < addressCells + sizeCells) {
      return Optional.empty();
    }
    long base = reg.number(0, addressCells);
    long size = reg.number(addressCells, sizeCells);
    for (int i = buses.size() - 1; i > 0; i--) {
      Optional<Long> up = above(buses.get(i), buses.get(i - 1), base);
      if (up.isEmpty()) {
        return Optional.empty();
      }
      base = up.get();
    }
    return Optional.of(new long[] {base, size});
  }

  private static Optional<Long> above(FdtNode bus, FdtNode parent, long address) {
    FdtProperty ranges = bus.property("ranges").orElse(null);
    if (ranges == null) {
      return Optional.empty();
    }
    int here = cells(bus, "#address-cells", CELLS);
    int there = cells(parent, "#address-cells", CELLS);
    int sizes = cells(bus, "#size-cells", 1);
    if (ranges.cellCount() == 0) {
      return Optional.of(address);
    }
    for (int at = 0; here <= CELLS && there <= CELLS && sizes <= CELLS && at + here + there + sizes <= ranges.cellCount(); at += here
        + there
        + sizes) {
      long from = ranges.number(at, here);
      if (address >= from && address - from < ranges.number(at + here + there, sizes)) {
        return Optional.of(ranges.number(at + here, there) + address - from);
      }
    }
    return Optional.empty();
  }
}
