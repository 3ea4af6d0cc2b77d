package org.xenolith.machine;

import org.xenolith.fdt.FdtProperty;
import org.xenolith.machine.api.ModelException;
import org.xenolith.platform.api.Platform;
import org.xenolith.platform.api.PlatformNode;

/**
 * Who a requester is, by the properties of its node: {@code iommu-map} and {@code msi-map} with their masks
 * (Devicetree bindings pci-iommu.txt, pci-msi.txt), {@code iommus} (iommu.txt), {@code msi-parent} (msi.txt).
 */
final class RequesterMap {
  private static final int ENTRY = 4;

  /**
   * An id at an SMMU or interrupt controller.
   *
   * @param node path of its node
   */
  record Target(String node, long id) { }

  private RequesterMap() { }

  /**
   * @param kind {@code iommu} or {@code msi}
   * @return null if the tree names none for it
   */
  static Target of(Platform platform, PlatformNode node, String kind, int requester) {
    FdtProperty map = node.property(kind + "-map").orElse(null);
    if (map != null) {
      return mapped(platform, node, map, requester & (int) node.cell(kind + "-map-mask", 0xFFFF_FFFFL));
    }
    if (kind.equals("iommu")) {
      FdtProperty iommus = node.property("iommus").orElse(null);
      return iommus == null ? null : new Target(target(platform, node, iommus, 0), iommus.value().length > 4 ? id(iommus, 1) : 0);
    }
    // Without a map the id is the requester's own (msi.txt, pci-msi.txt); a second cell, if there is one, is an id for all.
    FdtProperty parent = node.property("msi-parent").orElse(null);
    return parent == null ? null
        : new Target(target(platform, node, parent, 0), parent.value().length > 4 ? id(parent, 1) : requester);
  }

  private static Target mapped(Platform platform, PlatformNode node, FdtProperty map, int requester) {
    int cells = map.value().length / 4;
    if (cells % ENTRY != 0) {
      throw new ModelException(node.path() + ": " + map.name() + ": expected groups of " + ENTRY + " cells, got " + cells + " cells");
    }
    for (int at = 0; at < cells; at += ENTRY) {
      long first = id(map, at);
      long length = id(map, at + 3);
      if (requester >= first && requester < first + length) {
        return new Target(target(platform, node, map, at + 1), id(map, at + 2) + requester - first);
      }
    }
    return null;
  }

  private static long id(FdtProperty property, int cell) {
    return property.cell(cell) & 0xFFFF_FFFFL;
  }

  private static String target(Platform platform, PlatformNode node, FdtProperty property, int cell) {
    int phandle = property.cell(cell);
    return platform.byPhandle(phandle).map(PlatformNode::path).orElseThrow(() -> new ModelException(node.path() + ": "
        + property.name() + ": no node has phandle 0x" + Integer.toHexString(phandle)));
  }
}
