// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.vgic;

import java.util.List;
import java.util.Optional;
import org.xenolith.machine.api.ModelException;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.platform.api.InterruptSpecifier;
import org.xenolith.platform.api.Platform;
import org.xenolith.platform.api.PlatformNode;

/**
 * Where the machine's interrupt controller is.
 *
 * @param version     2 or 3
 * @param distributor GICD
 * @param second      GICC (v2), or the region of redistributors (v3)
 * @param control     GICH; null for v3
 * @param guest       GICV; null for v3
 * @param stride      bytes from one redistributor to the next (v3)
 * @param maintenance INTID of the maintenance interrupt
 */
record GicHardware(int version, AddressWindow distributor, AddressWindow second, AddressWindow control, AddressWindow guest,
    long stride, int maintenance) {
  private static final List<String> VERSION_2 = List.of("arm,cortex-a15-gic", "arm,gic-400", "arm,cortex-a7-gic");
  private static final String VERSION_3 = "arm,gic-v3";
  private static final int USUAL_MAINTENANCE = 25;
  /** Two frames of 64 KiB. */
  static final long REDISTRIBUTOR = 0x2_0000;

  /** Finds it among the nodes that are enabled. */
  static GicHardware of(Platform platform) {
    Optional<PlatformNode> found = platform.nodes().stream().filter(PlatformNode::enabled)
        .filter(n -> n.isCompatible(VERSION_3) || VERSION_2.stream().anyMatch(n::isCompatible)).findFirst();
    PlatformNode node = found.orElseThrow(() -> new ModelException("vgic: the platform " + platform.name()
        + " has no interrupt controller that the hypervisor can drive: expected a node compatible with " + VERSION_3
        + " or one of " + VERSION_2));
    List<AddressWindow> windows = node.windows();
    int maintenance = maintenance(node);
    if (node.isCompatible(VERSION_3)) {
      if (windows.size() < 2) {
        throw new ModelException(node.path() + ".reg: expected a distributor and a region of redistributors, got "
            + windows.size() + " entries");
      }
      if (node.cell("#redistributor-regions", 1) != 1) {
        throw new ModelException(node.path() + ".#redistributor-regions: the hypervisor drives one region, got "
            + node.cell("#redistributor-regions", 1));
      }
      long stride = node.property("redistributor-stride").map(p -> p.length() == 8 ? p.cell(1) & 0xFFFF_FFFFL
          : p.cell(0) & 0xFFFF_FFFFL).filter(s -> s != 0).orElse(REDISTRIBUTOR);
      return new GicHardware(3, windows.get(0), windows.get(1), null, null, stride, maintenance);
    }
    if (windows.size() < 4) {
      throw new ModelException(node.path() + ".reg: a hypervisor needs the Virtualization Extensions, GICH and GICV as third and "
          + "fourth entry, got " + windows.size() + " entries; enable EL2 on the board");
    }
    return new GicHardware(2, windows.get(0), windows.get(1), windows.get(2), windows.get(3), 0, maintenance);
  }

  /** Bindings arm,gic and arm,gic-v3: the node's interrupt is that of virtual interface control. */
  private static int maintenance(PlatformNode node) {
    for (InterruptSpecifier specifier : node.interrupts()) {
      int[] cells = specifier.cells();
      if (cells.length >= 2 && cells[0] == 1) {
        return 16 + (cells[1] & 15);
      }
    }
    return USUAL_MAINTENANCE;
  }
}
