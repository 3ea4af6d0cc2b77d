package org.xenolith.pci;

import java.util.Optional;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.platform.api.Platform;
import org.xenolith.platform.api.PlatformNode;

/**
 * Which id the requests of a function carry behind its host bridge, by the bridge's node: {@code iommu-map} and {@code msi-map}
 * with their masks (Devicetree bindings pci-iommu.txt, pci-msi.txt), {@code iommus}, {@code msi-parent}.
 */
final class RequesterIds {
  private static final int CELL = 4;
  private static final int ROW = 4;

  private RequesterIds() { }

  /** The stream id at an SMMU, as text; empty if none is on the way or the properties are broken. */
  static Optional<String> stream(Platform platform, PlatformNode bridge, int rid) {
    return find(platform, bridge, "iommu-map", "iommus", rid, 0).map(at -> "stream " + at);
  }

  /** The device id at an interrupt controller, as text; empty if messages have no target or the properties are broken. */
  static Optional<String> device(Platform platform, PlatformNode bridge, int rid) {
    return find(platform, bridge, "msi-map", "msi-parent", rid, rid).map(at -> "device " + at);
  }

  private static Optional<String> find(Platform platform, PlatformNode bridge, String map, String single, int rid, long otherwise) {
    Optional<FdtProperty> rows = bridge.property(map).filter(RequesterIds::whole);
    if (bridge.has(map)) {
      long mask = bridge.property(map + "-mask").filter(RequesterIds::whole).map(p -> cell(p, 0)).orElse(0xFFFF_FFFFL);
      return rows.flatMap(p -> row(platform, p, rid & mask));
    }
    return bridge.property(single).filter(RequesterIds::whole)
        .flatMap(p -> text(platform, p.cell(0), p.length() > CELL ? cell(p, 1) : otherwise));
  }

  private static boolean whole(FdtProperty property) {
    return property.length() >= CELL && property.length() % CELL == 0;
  }

  private static Optional<String> row(Platform platform, FdtProperty map, long rid) {
    for (int at = 0; at + ROW <= map.cellCount(); at += ROW) {
      long first = cell(map, at);
      if (rid >= first && rid < first + cell(map, at + 3)) {
        return text(platform, map.cell(at + 1), cell(map, at + 2) + rid - first);
      }
    }
    return Optional.empty();
  }

  private static Optional<String> text(Platform platform, int phandle, long id) {
    return platform.byPhandle(phandle).map(target -> "0x%x of %s".formatted(id, target.name()));
  }

  private static long cell(FdtProperty property, int index) {
    return property.cell(index) & 0xFFFF_FFFFL;
  }
}
