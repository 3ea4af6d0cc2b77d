// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.acpi.pci;

import java.util.ArrayList;
import java.util.List;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.firmware.api.AcpiMachine;
import org.xenolith.platform.api.PlatformException;
import org.xenolith.platform.api.PlatformNode;

/**
 * Consecutive requesters of a bridge that have consecutive ids at one node: a row of {@code iommu-map} or {@code msi-map}.
 *
 * @param first requester, a routing id
 * @param at    the SMMU or ITS
 * @param id    of the first requester there
 * @param count of requesters
 */
record RequesterRange(long first, PlatformNode at, long id, long count) {
  static final String STREAMS = "iommu";
  static final String MESSAGES = "msi";
  private static final int CELLS = 4;
  private static final long REQUESTERS = 0x1_0000;

  /** The rows of a bridge's map; {@code msi-parent} without one stands for all requesters, which have their routing ids there. */
  static List<RequesterRange> of(AcpiMachine machine, PlatformNode bridge, String kind) {
    String name = kind + "-map";
    FdtProperty map = bridge.property(name).orElse(null);
    List<RequesterRange> ranges = new ArrayList<>();
    if (map == null) {
      bridge.property(MESSAGES + "-parent").filter(parent -> kind.equals(MESSAGES)).ifPresent(parent -> ranges.add(new RequesterRange(0,
          target(machine, bridge, parent, 0), 0, REQUESTERS)));
      return ranges;
    }
    if (map.length() % (CELLS * Integer.BYTES) != 0) {
      throw new PlatformException(bridge.path() + ": " + name + " has " + map.length() + " bytes; each row has " + CELLS + " cells");
    }
    long mask = bridge.cell(name + "-mask", REQUESTERS - 1) & REQUESTERS - 1;
    if (mask != REQUESTERS - 1) {
      machine.untold(bridge, name + "-mask 0x" + Long.toHexString(mask) + " makes requesters share ids, which IORT can say of no range",
          "give each requester an id of its own");
      return ranges;
    }
    for (int at = 0; at < map.cellCount(); at += CELLS) {
      ranges.add(new RequesterRange(map.number(at, 1), target(machine, bridge, map, at + 1), map.number(at + 2, 1), map.number(at + 3, 1)));
    }
    return ranges;
  }

  private static PlatformNode target(AcpiMachine machine, PlatformNode bridge, FdtProperty property, int cell) {
    return machine.platform().byPhandle(property.cell(cell)).orElseThrow(() -> new PlatformException(bridge.path() + ": " + property.name()
        + ": no node has phandle 0x" + Integer.toHexString(property.cell(cell)) + "; name one that is there"));
  }

  /** The part of this range whose requesters are in another one, too; null: none is. */
  RequesterRange within(RequesterRange other) {
    long from = Math.max(first, other.first);
    long to = Math.min(first + count, other.first + other.count);
    return from < to ? new RequesterRange(from, at, id + from - first, to - from) : null;
  }

  /** The parts of this range whose requesters are in none of others. */
  List<RequesterRange> without(List<RequesterRange> others) {
    List<RequesterRange> left = List.of(this);
    for (RequesterRange other : others) {
      List<RequesterRange> next = new ArrayList<>();
      for (RequesterRange range : left) {
        long end = range.first + range.count;
        range.add(next, range.first, Math.min(end, other.first));
        range.add(next, Math.max(range.first, other.first + other.count), end);
      }
      left = next;
    }
    return left;
  }

  private void add(List<RequesterRange> to, long from, long end) {
    if (from < end) {
      to.add(new RequesterRange(from, at, id + from - first, end - from));
    }
  }
}
