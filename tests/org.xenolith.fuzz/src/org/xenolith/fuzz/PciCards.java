// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz;

import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.platform.api.PlatformNode;

/** PCI functions on the root bus of a board. */
public final class PciCards {
  private PciCards() {}

  /** A tree with a function more. @param host path of the host bridge @param model such as {@code nvme} @param device its number on the bus */
  public static Fdt plug(Fdt tree, String host, String model, int device) {
    FdtNode node = new FdtNode(model + "@" + device + ",0", java.util.List.of(), java.util.List.of())
        .withProperty(FdtProperty.ofStrings("compatible", "xenolith,pci-" + model))
        .withProperty(FdtProperty.ofStrings(PlatformNode.PLUGGED, device + ".0"))
        .withProperty(FdtProperty.ofCells("reg", device << 11, 0, 0, 0, 0))
        .withProperty(FdtProperty.ofCells("#address-cells", 3)).withProperty(FdtProperty.ofCells("#size-cells", 2));
    return tree.edit(host, bridge -> bridge.withChild(node));
  }
}
