// SPDX-License-Identifier: EPL-2.0
package org.xenolith.pci.api;

import java.util.ArrayList;
import java.util.List;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.ModelException;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.platform.api.Platform;
import org.xenolith.platform.api.PlatformNode;

/**
 * An entry of a host bridge's {@code ranges} (IEEE 1275 PCI bus binding 2.1).
 *
 * @param io  whether it leads to I/O space, else to memory space
 * @param cpu where CPUs see it
 * @param bus the first address on the bus
 */
public record PciRange(boolean io, AddressWindow cpu, long bus) {
  private static final int CHILD_CELLS = 3;
  private static final int SIZE_CELLS = 2;
  private static final int SPACE = 3 << 24;
  private static final int IO_SPACE = 1 << 24;

  /**
   * The entries of a context's node, in order; configuration space is left out.
   *
   * @throws ModelException if they are malformed, or if a bus above translates addresses
   */
  public static List<PciRange> of(DeviceContext context) {
    return of(context.platform(), context.node());
  }

  /**
   * The entries of a node, in order; configuration space is left out.
   *
   * @throws ModelException if they are malformed, or if a bus above translates addresses
   */
  public static List<PciRange> of(Platform platform, PlatformNode node) {
    FdtProperty ranges = node.property("ranges").orElse(null);
    if (ranges == null) {
      return List.of();
    }
    int parentCells = addressCells(platform, node);
    int entry = CHILD_CELLS + parentCells + SIZE_CELLS;
    if (ranges.cellCount() % entry != 0) {
      throw new ModelException(node.path() + ": ranges: expected groups of " + entry + " cells, got " + ranges.cellCount());
    }
    List<PciRange> all = new ArrayList<>();
    for (int at = 0; at < ranges.cellCount(); at += entry) {
      int space = ranges.cell(at) & SPACE;
      if (space != 0) {
        long base = ranges.number(at + CHILD_CELLS, parentCells);
        long size = ranges.number(at + CHILD_CELLS + parentCells, SIZE_CELLS);
        all.add(new PciRange(space == IO_SPACE, new AddressWindow(base, size), ranges.number(at + 1, 2)));
      }
    }
    return all;
  }

  private static int addressCells(Platform platform, PlatformNode node) {
    PlatformNode parent = platform.node(node.parent()).orElseThrow();
    for (PlatformNode at = parent; !at.parent().isEmpty(); at = platform.node(at.parent()).orElseThrow()) {
      if (at.property("ranges").map(p -> p.length() > 0).orElse(true)) {
        throw new ModelException(node.path() + ": " + at.path()
            + ": a bus above a PCI host bridge whose addresses aren't the CPU's isn't modelled");
      }
    }
    return (int) parent.cell("#address-cells", 2);
  }
}
