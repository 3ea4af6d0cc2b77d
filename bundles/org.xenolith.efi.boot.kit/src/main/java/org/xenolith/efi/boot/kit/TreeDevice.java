// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.boot.kit;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;

/**
 * A device that a device tree names, with its windows (Devicetree Specification 0.4, 2.3). Trees are read as they are: what makes no sense in one
 * is as if it weren't there.
 *
 * @param path    of its node
 * @param node    the node
 * @param windows of its registers, one at least
 */
public record TreeDevice(String path, FdtNode node, List<Window> windows) {
  private static final int CELLS = 2;

  /**
   * Registers as the CPU sees them.
   *
   * @param base physical address
   * @param size in bytes
   */
  public record Window(long base, long size) {}

  /** Keeps a copy. */
  public TreeDevice {
    windows = List.copyOf(windows);
  }

  /** Physical address of its first window. */
  public long base() {
    return windows.getFirst().base;
  }

  /** Bytes of its first window. */
  public long size() {
    return windows.getFirst().size;
  }

  /** The window that {@code reg-names} calls so. */
  public Optional<Window> window(String name) {
    int at = strings(node, "reg-names").indexOf(name);
    return at < 0 || at >= windows.size() ? Optional.empty() : Optional.of(windows.get(at));
  }

  /** All enabled devices that are compatible with one of these, in the order of the tree. */
  public static List<TreeDevice> of(Fdt tree, String... compatible) {
    List<TreeDevice> found = new ArrayList<>();
    search(tree.root(), "", Set.of(compatible), List.of(), found);
    return found;
  }

  private static void search(FdtNode parent, String path, Set<String> compatible, List<FdtNode> buses, List<TreeDevice> found) {
    for (FdtNode node : parent.children()) {
      String here = path + '/' + node.name();
      List<FdtNode> above = new ArrayList<>(buses);
      above.add(parent);
      if (isEnabled(node) && strings(node, "compatible").stream().anyMatch(compatible::contains)) {
        List<Window> windows = windows(node, above);
        if (!windows.isEmpty()) {
          found.add(new TreeDevice(here, node, windows));
        }
      }
      search(node, here, compatible, above, found);
    }
  }

  private static List<String> strings(FdtNode node, String name) {
    return node.property(name).filter(FdtProperty::looksLikeStrings).map(FdtProperty::strings).orElse(List.of());
  }

  private static boolean isEnabled(FdtNode node) {
    List<String> status = strings(node, "status");
    return !node.has("status") || status.equals(List.of("okay")) || status.equals(List.of("ok"));
  }

  /** A property of one cell; what is said instead if there is none. */
  public static int cell(FdtNode node, String name, int otherwise) {
    return node.property(name).filter(property -> property.length() == Integer.BYTES).map(property -> property.cell(0)).orElse(otherwise);
  }

  /** The cells of a property; none if it isn't made of cells. */
  public static int[] cells(FdtNode node, String name) {
    return node.property(name).filter(property -> property.length() % Integer.BYTES == 0).map(FdtProperty::cells).orElse(new int[0]);
  }

  /** Windows as the CPU sees them, up to the first that the buses above don't pass on. */
  private static List<Window> windows(FdtNode node, List<FdtNode> buses) {
    FdtNode bus = buses.getLast();
    int addressCells = cell(bus, "#address-cells", CELLS);
    int sizeCells = cell(bus, "#size-cells", 1);
    FdtProperty reg = node.property("reg").filter(property -> property.length() % Integer.BYTES == 0).orElse(null);
    List<Window> windows = new ArrayList<>();
    if (reg == null || addressCells < 1 || addressCells > CELLS || sizeCells < 1 || sizeCells > CELLS) {
      return windows;
    }
    for (int at = 0; at + addressCells + sizeCells <= reg.cellCount(); at += addressCells + sizeCells) {
      Optional<Long> base = Optional.of(reg.number(at, addressCells));
      for (int i = buses.size() - 1; i > 0 && base.isPresent(); i--) {
        base = above(buses.get(i), buses.get(i - 1), base.get());
      }
      if (base.isEmpty()) {
        break;
      }
      windows.add(new Window(base.get(), reg.number(at + addressCells, sizeCells)));
    }
    return windows;
  }

  private static Optional<Long> above(FdtNode bus, FdtNode parent, long address) {
    FdtProperty ranges = bus.property("ranges").filter(property -> property.length() % Integer.BYTES == 0).orElse(null);
    if (ranges == null) {
      return Optional.empty();
    }
    int here = cell(bus, "#address-cells", CELLS);
    int there = cell(parent, "#address-cells", CELLS);
    int sizes = cell(bus, "#size-cells", 1);
    if (ranges.cellCount() == 0) {
      return Optional.of(address);
    }
    for (int at = 0; isCells(here) && isCells(there) && isCells(sizes) && at + here + there + sizes <= ranges.cellCount(); at += here
        + there
        + sizes) {
      long from = ranges.number(at, here);
      if (address >= from && address - from < ranges.number(at + here + there, sizes)) {
        return Optional.of(ranges.number(at + here, there) + address - from);
      }
    }
    return Optional.empty();
  }

  private static boolean isCells(int count) {
    return count > 0 && count <= CELLS;
  }
}
