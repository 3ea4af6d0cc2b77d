// SPDX-License-Identifier: EPL-2.0
package org.xenolith.conformance.acpi;

import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.xenolith.acpi.codec.TableIdentity;
import org.xenolith.firmware.kit.AcpiSetting;
import org.xenolith.firmware.kit.AcpiTables;
import org.xenolith.platform.api.BoardProvider;
import org.xenolith.platform.api.BoardProvider.BoardRequest;
import org.xenolith.platform.api.Platform;

/**
 * A board in a variant.
 *
 * @param board    its name
 * @param cpus     number of them
 * @param requests of the board
 */
record BoardMachine(String board, int cpus, List<String> requests) {
  static final TableIdentity MAKER = new TableIdentity("XENLTH", "XENOLITH", 1, "XNLT", 1);
  /** Of the board {@code virt}, what differs: interrupt controllers, bridges, SMMU, levels. */
  static final List<BoardMachine> VIRT = List.of(new BoardMachine(1, List.of("gic=2", "pcie=ecam")),
      new BoardMachine(4, List.of("gic=2", "pcie=ecam", "virtualization=on")), new BoardMachine(8, List.of("gic=2", "pcie=none",
          "pmu=off")),
      new BoardMachine(1, List.of("gic=3", "pcie=ecam")), new BoardMachine(4, List.of("gic=3", "pcie=ecam", "its=on", "iommu=smmuv3")),
      new BoardMachine(4, List.of("gic=3", "pcie=ecam", "its=off", "iommu=smmuv3", "virtualization=on", "flash=cfi")),
      new BoardMachine(2, List.of("gic=2", "pcie=xgene")), new BoardMachine(1, List.of("gic=2", "pcie=cam")));

  /** PCs, without and with PCI. */
  static final List<BoardMachine> PC = List.of(new BoardMachine("pc-pvh", 1, List.of()), new BoardMachine("pc-pvh", 8, List.of(
      "pcie=ecam")));

  /** Board {@code virt}. */
  BoardMachine(int cpus, List<String> requests) {
    this("virt", cpus, requests);
  }

  Platform platform() {
    BoardProvider provider = InstalledParts.board(board);
    return InstalledParts.reader().platform(board, provider.tree(BoardRequest.of(cpus, 512L << 20, requests)), Map.of());
  }

  AcpiTables tables() {
    return AcpiTables.of(platform(), InstalledParts.all(), new AcpiSetting(MAKER, OptionalLong.empty()));
  }
}
