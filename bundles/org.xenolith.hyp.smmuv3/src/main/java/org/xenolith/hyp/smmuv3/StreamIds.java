package org.xenolith.hyp.smmuv3;

import java.util.List;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.hyp.api.HostBridges;
import org.xenolith.hyp.api.Sbdf;
import org.xenolith.platform.api.Platform;
import org.xenolith.platform.api.PlatformNode;

/** Which SMMU a function's requests pass, and as which stream: {@code iommu-map} (Devicetree bindings, pci-iommu.txt, iommu.txt). */
final class StreamIds {
  private static final int ENTRY = 4;

  private final Platform platform;

  /**
   * A stream.
   *
   * @param node path of its SMMU's node
   */
  record Stream(String node, long id) { }

  StreamIds(Platform platform) {
    this.platform = platform;
  }

  /** The stream of a function behind a host bridge; null if none is told. */
  Stream of(PlatformNode bridge, int rid) {
    FdtProperty map = bridge.property("iommu-map").orElse(null);
    if (map == null) {
      FdtProperty all = bridge.property("iommus").orElse(null);
      return all == null || all.cellCount() < 1 ? null : stream(all.cell(0), all.cellCount() > 1 ? unsigned(all, 1) : 0);
    }
    long requester = rid & mask(bridge);
    for (int at = 0; at + ENTRY <= map.cellCount(); at += ENTRY) {
      long offset = requester - unsigned(map, at);
      if (offset >= 0 && offset < unsigned(map, at + 3)) {
        return stream(map.cell(at + 1), unsigned(map, at + 2) + offset);
      }
    }
    return null;
  }

  private Stream stream(int phandle, long id) {
    return platform.byPhandle(phandle).map(node -> new Stream(node.path(), id)).orElse(null);
  }

  private static long unsigned(FdtProperty property, int cell) {
    return property.cell(cell) & 0xFFFF_FFFFL;
  }

  private static int mask(PlatformNode bridge) {
    return (int) bridge.cell("iommu-map-mask", 0xFFFF_FFFFL);
  }

  /** The highest stream that any node has at an SMMU; -1 if none has one. */
  long highest(String smmu) {
    long highest = -1;
    for (PlatformNode node : platform.nodes()) {
      FdtProperty map = node.property("iommu-map").orElse(null);
      for (int at = 0; map != null && at + ENTRY <= map.cellCount(); at += ENTRY) {
        if (leads(map.cell(at + 1), smmu) && unsigned(map, at + 3) > 0) {
          highest = Math.max(highest, unsigned(map, at + 2) + unsigned(map, at + 3) - 1);
        }
      }
      FdtProperty all = node.property("iommus").orElse(null);
      for (int at = 0; all != null && at + 1 < all.cellCount(); at += 2) {
        if (leads(all.cell(at), smmu)) {
          highest = Math.max(highest, unsigned(all, at + 1));
        }
      }
    }
    return highest;
  }

  private boolean leads(int phandle, String smmu) {
    return platform.byPhandle(phandle).filter(node -> node.path().equals(smmu)).isPresent();
  }

  /** The function that a stream of an SMMU is, as far as the tree tells; empty if it doesn't, or tells of several. */
  String function(String smmu, long stream) {
    List<PlatformNode> bridges = HostBridges.nodes(platform);
    for (int i = 0; i < bridges.size(); i++) {
      FdtProperty map = bridges.get(i).property("iommu-map").orElse(null);
      for (int at = 0; map != null && (mask(bridges.get(i)) & 0xFFFF) == 0xFFFF && at + ENTRY <= map.cellCount(); at += ENTRY) {
        long offset = stream - unsigned(map, at + 2);
        if (offset >= 0 && offset < unsigned(map, at + 3) && leads(map.cell(at + 1), smmu)) {
          return Sbdf.text(Sbdf.of(HostBridges.segment(bridges.get(i), i), (int) (unsigned(map, at) + offset)));
        }
      }
    }
    return "";
  }
}
