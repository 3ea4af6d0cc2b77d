// SPDX-License-Identifier: EPL-2.0
package org.xenolith.platform.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.xenolith.fdt.FdtProperty;

/**
 * The id that the requests of a bus master carry at an SMMU or an interrupt controller, by the properties of its node or of the PCI
 * host bridge above it: {@code iommu-map} and {@code msi-map} with their masks (Devicetree bindings pci-iommu.txt, pci-msi.txt),
 * {@code iommus} (iommu.txt), {@code msi-parent} (msi.txt).
 *
 * @param at the node of the SMMU or interrupt controller
 * @param id StreamID or DeviceID there
 */
public record RequesterId(PlatformNode at, long id) {
  private static final String STREAMS = "iommu";
  private static final String MESSAGES = "msi";
  private static final int CELLS = 4;
  private static final int LAST_RID = 0xFFFF;

  /**
   * A row of {@code iommu-map}.
   *
   * @param first  the first requester
   * @param at     the SMMU's node
   * @param id     the first requester's id there
   * @param length requesters
   */
  public record Row(long first, PlatformNode at, long id, long length) {}

  /**
   * The StreamID of a requester.
   *
   * @param requester a function's routing id, or 0 for a device that is none
   * @return empty if no SMMU is on its way
   * @throws PlatformException if the properties are malformed or name what isn't there
   */
  public static Optional<RequesterId> stream(Platform platform, PlatformNode node, int requester) {
    if (node.has(STREAMS + "-map")) {
      return mapped(platform, node, STREAMS, requester);
    }
    Optional<FdtProperty> single = cells(node, "iommus");
    return single.map(p -> new RequesterId(target(platform, node, p, 0), p.cellCount() > 1 ? number(p, 1) : 0));
  }

  /**
   * The DeviceID of a requester's messages.
   *
   * @param requester a function's routing id, or 0 for a device that is none
   * @return empty if its messages have no target
   * @throws PlatformException if the properties are malformed or name what isn't there
   */
  public static Optional<RequesterId> message(Platform platform, PlatformNode node, int requester) {
    if (node.has(MESSAGES + "-map")) {
      return mapped(platform, node, MESSAGES, requester);
    }
    // For functions the id is their own; a second cell is one of a device that is none (pci-msi.txt, msi.txt).
    boolean pci = node.property("device_type").filter(FdtProperty::looksLikeStrings).map(FdtProperty::string).filter("pci"::equals)
        .isPresent();
    Optional<FdtProperty> single = cells(node, "msi-parent");
    return single.map(p -> new RequesterId(target(platform, node, p, 0), !pci && p.cellCount() > 1 ? number(p, 1) : requester));
  }

  /**
   * The rows of a node's {@code iommu-map}.
   *
   * @throws PlatformException if it is malformed or names what isn't there
   */
  public static List<Row> streams(Platform platform, PlatformNode node) {
    return rows(platform, node, STREAMS);
  }

  /**
   * The requester that has a StreamID, by a node's {@code iommu-map}.
   *
   * @param at path of the SMMU's node
   * @return empty if the node tells of none, or of several
   * @throws PlatformException if the map is malformed or names what isn't there
   */
  public static OptionalInt ofStream(Platform platform, PlatformNode node, String at, long id) {
    return requester(platform, node, STREAMS, at, id);
  }

  /**
   * The requester that has a DeviceID, by a node's {@code msi-map}.
   *
   * @param at path of the interrupt controller's node
   * @return empty if the node tells of none, or of several
   * @throws PlatformException if the map is malformed or names what isn't there
   */
  public static OptionalInt ofMessage(Platform platform, PlatformNode node, String at, long id) {
    return requester(platform, node, MESSAGES, at, id);
  }

  private static OptionalInt requester(Platform platform, PlatformNode node, String kind, String at, long id) {
    if ((mask(node, kind) & LAST_RID) == LAST_RID) {
      for (Row row : rows(platform, node, kind)) {
        long offset = id - row.id;
        if (offset >= 0 && offset < row.length && row.at.path().equals(at)) {
          return OptionalInt.of((int) (row.first + offset));
        }
      }
    }
    return OptionalInt.empty();
  }

  private static Optional<RequesterId> mapped(Platform platform, PlatformNode node, String kind, int requester) {
    long masked = requester & mask(node, kind);
    for (Row row : rows(platform, node, kind)) {
      if (masked >= row.first && masked < row.first + row.length) {
        return Optional.of(new RequesterId(row.at, row.id + masked - row.first));
      }
    }
    return Optional.empty();
  }

  private static List<Row> rows(Platform platform, PlatformNode node, String kind) {
    Optional<FdtProperty> map = cells(node, kind + "-map");
    if (map.isEmpty()) {
      return List.of();
    }
    FdtProperty cells = map.get();
    if (cells.cellCount() % CELLS != 0) {
      throw new PlatformException(node.path() + ": " + cells.name() + ": expected groups of " + CELLS + " cells, got " + cells.cellCount()
          + " cells");
    }
    List<Row> rows = new ArrayList<>();
    for (int at = 0; at < cells.cellCount(); at += CELLS) {
      rows.add(new Row(number(cells, at), target(platform, node, cells, at + 1), number(cells, at + 2), number(cells, at + 3)));
    }
    return rows;
  }

  private static int mask(PlatformNode node, String kind) {
    return (int) node.cell(kind + "-map-mask", 0xFFFF_FFFFL);
  }

  private static Optional<FdtProperty> cells(PlatformNode node, String name) {
    Optional<FdtProperty> property = node.property(name);
    if (property.isPresent() && (property.get().length() == 0 || property.get().length() % Integer.BYTES != 0)) {
      throw new PlatformException(node.path() + ": " + name + ": expected cells, got " + property.get().length() + " bytes");
    }
    return property;
  }

  private static long number(FdtProperty property, int cell) {
    return property.cell(cell) & 0xFFFF_FFFFL;
  }

  private static PlatformNode target(Platform platform, PlatformNode node, FdtProperty property, int cell) {
    int phandle = property.cell(cell);
    return platform.byPhandle(phandle).orElseThrow(() -> new PlatformException(node.path() + ": " + property.name()
        + ": no node has phandle 0x" + Integer.toHexString(phandle)));
  }
}
