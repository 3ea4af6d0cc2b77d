// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hypervisor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.fdt.FdtWriter;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.platform.api.BoardProvider;
import org.xenolith.platform.api.PlatformNode;

/**
 * The board {@code virt} with GICv3 and an SMMU, and beside it a second host bridge, a segment of its own, behind an SMMU of its own. Both
 * maps begin with stream 0, so that functions in the same place of both segments have the same stream at different SMMUs. The second
 * bridge's bus addresses aren't the CPUs'.
 */
final class TwoSmmus {
  /** The SMMU of segment 0. */
  static final String FIRST = "/smmuv3@9050000";
  /** The SMMU of segment 1. */
  static final String SECOND = "/smmuv3@9200000";
  /** The second host bridge. */
  static final String BRIDGE = "/pcie@4020000000";
  /** Slot of the card behind the second bridge, as a disk is told to go there. */
  static final String SLOT = "second/1.0";
  private static final String VIRT_BRIDGE = "/pcie@10000000";
  private static final int INTERRUPT_CONTROLLER = 4;
  private static final int SMMU = 0x60;
  /** Buses 0 to 15 of each segment have messages: device ids have 16 bits at the ITS. */
  private static final int REQUESTERS = 0x1000;

  private TwoSmmus() {}

  /**
   * Writes the board's tree.
   *
   * @param model   what is in slot 1.0 of the second bridge, such as {@code nvme}
   * @param options of the board beside these
   */
  static Path write(Path file, int cpus, long memory, String model, String... options) throws IOException {
    Fdt virt = InstalledProduct.get().board("virt").tree(BoardProvider.BoardRequest.of(cpus, memory, Stream
        .concat(Stream.of("gic=3", "pcie=ecam", "its=on", "iommu=smmuv3"), Stream.of(options)).toList()));
    FdtNode card = new FdtNode(model + "@1,0", List.of(), List.of()).withProperty(FdtProperty.ofStrings("compatible", "xenolith,pci-"
        + model))
        .withProperty(FdtProperty.ofStrings(PlatformNode.PLUGGED, SLOT)).withProperty(FdtProperty.ofCells("reg", 1 << 11, 0, 0, 0, 0));
    FdtNode like = virt.node(VIRT_BRIDGE).orElseThrow();
    FdtNode second = new FdtNode(BRIDGE.substring(1), like.properties(), List.of(card)).withoutProperty("interrupt-map").withoutProperty(
        "interrupt-map-mask").withProperty(FdtProperty.ofCells("linux,pci-domain", 1))
        .withProperty(FdtProperty.ofCells("reg", 0x40, 0x2000_0000, 0, 0x1000_0000))
        .withProperty(FdtProperty.ofCells("ranges", 0x0200_0000, 0, 0x1000_0000, 0x50, 0, 0, 0x1000_0000))
        .withProperty(FdtProperty.ofCells("msi-map", 0, INTERRUPT_CONTROLLER, REQUESTERS, REQUESTERS))
        .withProperty(FdtProperty.ofCells("iommu-map", 0, SMMU, 0, 0x1_0000));
    FdtNode smmu = new FdtNode(SECOND.substring(1), virt.node(FIRST).orElseThrow().properties(), List.of())
        .withProperty(FdtProperty.ofCells("reg", 0, 0x920_0000, 0, 0x2_0000))
        .withProperty(FdtProperty.ofCells("interrupts", 0, 0x64, 1, 0, 0x65, 1, 0, 0x66, 1, 0, 0x67, 1))
        .withProperty(FdtProperty.ofCells("phandle", SMMU));
    Fdt both = virt.edit(VIRT_BRIDGE, node -> node.withProperty(FdtProperty.ofCells("msi-map", 0, INTERRUPT_CONTROLLER, 0, REQUESTERS)));
    return Files.write(file, FdtWriter.write(both.withRoot(both.root().withChild(second).withChild(smmu))));
  }
}
