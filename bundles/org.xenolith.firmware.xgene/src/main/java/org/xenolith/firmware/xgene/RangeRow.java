// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.xgene;

import java.util.ArrayList;
import java.util.List;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.machine.api.ModelException;
import org.xenolith.platform.api.Platform;
import org.xenolith.platform.api.PlatformNode;

/**
 * A row of {@code ranges} or {@code dma-ranges} of a PCI host bridge (Open Firmware, PCI Bus Binding 2.1, 12).
 *
 * @param space bits of its first cell
 * @param bus   first address on the bus
 * @param cpu   first address of CPUs
 * @param size  in bytes
 */
record RangeRow(int space, long bus, long cpu, long size) {
  private static final int BUS_CELLS = 3;
  private static final int SIZE_CELLS = 2;
  private static final int PREFETCHABLE = 1 << 30;
  private static final int IO = 0x0100_0000;
  private static final int KIND = 0x0300_0000;

  static List<RangeRow> of(Platform platform, PlatformNode node, String name) {
    FdtProperty ranges = node.property(name).orElse(null);
    List<RangeRow> rows = new ArrayList<>();
    if (ranges == null) {
      return rows;
    }
    int parentCells = (int) platform.node(node.parent()).map(parent -> parent.cell("#address-cells", 2)).orElse(2L).longValue();
    int cells = BUS_CELLS + parentCells + SIZE_CELLS;
    if (parentCells < 1 || parentCells > 2 || ranges.length() % (cells * Integer.BYTES) != 0) {
      throw new ModelException(node.path() + ": " + name + ": expected groups of " + cells + " cells, got " + ranges.length() + " bytes");
    }
    for (int at = 0; at < ranges.cellCount(); at += cells) {
      RangeRow row = new RangeRow(ranges.cell(at), ranges.number(at + 1, 2), ranges.number(at + BUS_CELLS, parentCells),
          ranges.number(at + BUS_CELLS + parentCells, SIZE_CELLS));
      if ((row.space & KIND) != 0) {
        rows.add(row);
      }
    }
    return rows;
  }

  boolean io() {
    return (space & KIND) == IO;
  }

  boolean prefetchable() {
    return (space & PREFETCHABLE) != 0;
  }
}
