// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.acpi.namespace;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.firmware.api.AcpiMachine;
import org.xenolith.platform.api.Platform;
import org.xenolith.platform.api.PlatformException;
import org.xenolith.platform.api.PlatformNode;

/**
 * A window of a PCI host bridge: a row of {@code ranges} (Open Firmware, PCI Bus Binding 2.1, 12).
 *
 * @param ports        I/O ports; else memory
 * @param prefetchable of memory
 * @param bus          first address on the bus
 * @param cpu          where processors see it
 * @param size         in bytes
 */
record BridgeWindow(boolean ports, boolean prefetchable, long bus, long cpu, long size) {
  private static final int BUS_CELLS = 3;
  private static final int SIZE_CELLS = 2;
  private static final int SPACE_SHIFT = 24;
  private static final int SPACE = 3;
  private static final int IO = 1;
  private static final int PREFETCHABLE = 1 << 30;

  static List<BridgeWindow> of(AcpiMachine machine, PlatformNode node) {
    List<BridgeWindow> windows = new ArrayList<>();
    for (BridgeWindow row : rows(machine.platform(), node, "ranges")) {
      OptionalLong cpu = toProcessor(machine.platform(), node.parent(), row.cpu, row.size);
      if (cpu.isEmpty()) {
        machine.untold(node, "its window at 0x" + Long.toHexString(row.cpu) + " is nowhere that processors reach",
            "correct the ranges of its parents");
      } else {
        windows.add(new BridgeWindow(row.ports, row.prefetchable, row.bus, cpu.getAsLong(), row.size));
      }
    }
    if (rows(machine.platform(), node, "dma-ranges").stream().anyMatch(row -> row.bus != row.cpu)) {
      machine.untold(node, "its dma-ranges give memory other addresses on the bus, and no _DMA is made of them",
          "map memory on the bus where it is for processors");
    }
    return windows;
  }

  private static List<BridgeWindow> rows(Platform platform, PlatformNode node, String name) {
    FdtProperty ranges = node.property(name).orElse(null);
    int parentCells = (int) platform.node(node.parent()).map(parent -> parent.cell("#address-cells", 2)).orElse(2L).longValue();
    int cells = BUS_CELLS + parentCells + SIZE_CELLS;
    List<BridgeWindow> rows = new ArrayList<>();
    if (ranges == null) {
      return rows;
    }
    if (parentCells < 1 || parentCells > 2 || ranges.length() % (cells * Integer.BYTES) != 0) {
      throw new PlatformException(node.path() + ": " + name + " has " + ranges.length() + " bytes; each row has " + cells + " cells");
    }
    for (int at = 0; at < ranges.cellCount(); at += cells) {
      int space = ranges.cell(at) >>> SPACE_SHIFT & SPACE;
      if (space != 0) {
        rows.add(new BridgeWindow(space == IO, (ranges.cell(at) & PREFETCHABLE) != 0, ranges.number(at + 1, 2),
            ranges.number(at + BUS_CELLS, parentCells), ranges.number(at + BUS_CELLS + parentCells, SIZE_CELLS)));
      }
    }
    return rows;
  }

  /** What is added to an address of the bus to come to the processors'. */
  long translation() {
    return cpu - bus;
  }

  /** Through the {@code ranges} of the buses above. */
  private static OptionalLong toProcessor(Platform platform, String bus, long address, long size) {
    String at = bus;
    long translated = address;
    while (!at.isEmpty() && !at.equals("/")) {
      PlatformNode node = platform.node(at).orElseThrow();
      FdtProperty ranges = node.property("ranges").orElse(null);
      if (ranges == null) {
        return OptionalLong.empty();
      }
      if (!ranges.isFlag()) {
        OptionalLong up = through(node, ranges, (int) platform.node(node.parent()).map(p -> p.cell("#address-cells", 2)).orElse(2L)
            .longValue(), translated, size);
        if (up.isEmpty()) {
          return up;
        }
        translated = up.getAsLong();
      }
      at = node.parent();
    }
    return OptionalLong.of(translated);
  }

  private static OptionalLong through(PlatformNode bus, FdtProperty ranges, int parentCells, long address, long size) {
    int childCells = (int) bus.cell("#address-cells", 2);
    int sizeCells = (int) bus.cell("#size-cells", 1);
    int cells = childCells + parentCells + sizeCells;
    if (childCells > 2 || parentCells > 2 || sizeCells > 2 || cells == 0 || ranges.length() % (cells * Integer.BYTES) != 0) {
      return OptionalLong.empty();
    }
    for (int at = 0; at < ranges.cellCount(); at += cells) {
      long inside = address - ranges.number(at, childCells);
      long length = ranges.number(at + childCells + parentCells, sizeCells);
      if (Long.compareUnsigned(inside, length) < 0 && Long.compareUnsigned(size, length - inside) <= 0) {
        return OptionalLong.of(ranges.number(at + childCells, parentCells) + inside);
      }
    }
    return OptionalLong.empty();
  }
}
