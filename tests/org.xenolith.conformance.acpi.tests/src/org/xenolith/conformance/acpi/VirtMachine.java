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
 * Board {@code virt} in a variant.
 *
 * @param cpus     number of them
 * @param requests of the board
 */
record VirtMachine(int cpus, List<String> requests) {
  static final TableIdentity MAKER = new TableIdentity("XENLTH", "XENOLITH", 1, "XNLT", 1);
  /** What differs: interrupt controllers, bridges, SMMU, levels. */
  static final List<VirtMachine> ALL = List.of(new VirtMachine(1, List.of("gic=2", "pcie=ecam")),
      new VirtMachine(4, List.of("gic=2", "pcie=ecam", "virtualization=on")), new VirtMachine(8, List.of("gic=2", "pcie=none", "pmu=off")),
      new VirtMachine(1, List.of("gic=3", "pcie=ecam")), new VirtMachine(4, List.of("gic=3", "pcie=ecam", "its=on", "iommu=smmuv3")),
      new VirtMachine(4, List.of("gic=3", "pcie=ecam", "its=off", "iommu=smmuv3", "virtualization=on", "flash=cfi")),
      new VirtMachine(2, List.of("gic=2", "pcie=xgene")), new VirtMachine(1, List.of("gic=2", "pcie=cam")));

  Platform platform() {
    BoardProvider board = InstalledParts.board("virt");
    return InstalledParts.reader().platform(board.name(), board.tree(BoardRequest.of(cpus, 512L << 20, requests)), Map.of());
  }

  AcpiTables tables() {
    return AcpiTables.of(platform(), InstalledParts.all(), new AcpiSetting(MAKER, OptionalLong.empty()));
  }
}
