// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.acpi.topology;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.xenolith.firmware.api.AcpiDescriber;
import org.xenolith.firmware.api.AcpiDescription;
import org.xenolith.firmware.kit.AcpiFiles;
import org.xenolith.firmware.kit.AcpiParts;
import org.xenolith.platform.api.Finding;
import org.xenolith.platform.api.Finding.Severity;
import org.xenolith.platform.api.Platform;
import org.xenolith.platform.api.TopologyFormat;

/** Topologies as ACPI tables in files. */
@Component
public final class AcpiFormat implements TopologyFormat {
  private final AcpiDescriber describer;
  private final InstalledKinds kinds;

  /** Made by the service component runtime. */
  @Activate
  public AcpiFormat(@Reference AcpiDescriber describer, @Reference InstalledKinds kinds) {
    this.describer = describer;
    this.kinds = kinds;
  }

  @Override
  public String name() {
    return "acpi";
  }

  @Override
  public String files() {
    return "ACPI tables, a file each as acpixtract names them";
  }

  @Override
  public List<Finding> write(Platform platform, Path folder) {
    AcpiDescription description = describer.describe(platform, AcpiDescriber.BOARD, OptionalLong.empty());
    AcpiFiles.write(description.tables(), folder);
    return description.untold().stream().map(each -> new Finding(Severity.WARNING, each.path(), each.what(), each.remedy())).toList();
  }

  @Override
  public Imported read(List<Path> files, Memory memory) {
    return read(files, memory, kinds.parts());
  }

  /** The same with kinds of devices that are given; a table that can't be read is named and left out. */
  static Imported read(List<Path> files, Memory memory, AcpiParts parts) {
    List<Finding> unreadable = new ArrayList<>();
    Imported made = TablesToTree.of(AcpiFiles.read(files, (file, e) -> unreadable.add(new Finding(Severity.WARNING, file + ": " + e.table()
        + ", offset 0x" + Long.toHexString(e.offset()), e.what() + "; nothing of it is in the topology", e.remedy()))), parts, memory);
    unreadable.addAll(made.findings());
    return new Imported(made.tree(), unreadable);
  }
}
