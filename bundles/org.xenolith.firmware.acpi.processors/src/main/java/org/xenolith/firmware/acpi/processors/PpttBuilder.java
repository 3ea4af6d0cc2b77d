// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.acpi.processors;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.osgi.service.component.annotations.Component;
import org.xenolith.acpi.codec.AcpiTable;
import org.xenolith.acpi.codec.Pptt;
import org.xenolith.acpi.codec.StructureBuilder;
import org.xenolith.firmware.api.AcpiMachine;
import org.xenolith.firmware.api.AcpiProcessor;
import org.xenolith.firmware.api.AcpiTableBuilder;
import org.xenolith.platform.api.PlatformNode;

/**
 * PPTT of ACPI 6.3: one package with all processors, below the clusters of {@code cpu-map} (Devicetree binding cpu-map.yaml) where the
 * topology has it. Caches aren't in it: processors tell of theirs in registers, and no topology has the sizes of the others.
 */
@Component(service = AcpiTableBuilder.class)
public final class PpttBuilder implements AcpiTableBuilder {
  private static final int REVISION = 2;
  private static final String CLUSTER = "cluster\\d+";

  @Override
  public String signature() {
    return Pptt.LAYOUT.name();
  }

  @Override
  public Optional<AcpiTable> build(AcpiMachine machine) {
    if (machine.processors().isEmpty()) {
      return Optional.empty();
    }
    StructureBuilder pptt = AcpiTable.header(Pptt.LAYOUT, REVISION, machine.identity());
    StructureBuilder all = StructureBuilder.of(Pptt.PROCESSOR).set(Pptt.Processor.FLAGS, Pptt.PHYSICAL_PACKAGE);
    pptt.add(all);
    Map<String, StructureBuilder> clusters = new HashMap<>();
    for (AcpiProcessor processor : machine.processors()) {
      StructureBuilder parent = cluster(machine, processor.node()).map(path -> clusters.computeIfAbsent(path, each -> {
        StructureBuilder cluster = StructureBuilder.of(Pptt.PROCESSOR).refer(Pptt.Processor.PARENT, all);
        pptt.add(cluster);
        return cluster;
      })).orElse(all);
      pptt.add(StructureBuilder.of(Pptt.PROCESSOR).set(Pptt.Processor.FLAGS, Pptt.PROCESSOR_ID_VALID | Pptt.LEAF)
          .refer(Pptt.Processor.PARENT, parent).set(Pptt.Processor.ACPI_PROCESSOR_ID, processor.uid()));
    }
    return Optional.of(AcpiTable.of(pptt));
  }

  /** The innermost cluster of {@code cpu-map} that has the CPU. */
  private static Optional<String> cluster(AcpiMachine machine, PlatformNode cpu) {
    if (!cpu.has("phandle")) {
      return Optional.empty();
    }
    return machine.platform().nodes().stream().filter(node -> node.path().contains("/cpu-map/") && node.has("cpu")
        && node.cell("cpu", 0) == cpu.cell("phandle", -1)).findFirst().flatMap(core -> ancestor(core.path()));
  }

  private static Optional<String> ancestor(String path) {
    String at = path;
    while (!at.isEmpty()) {
      if (at.substring(at.lastIndexOf('/') + 1).matches(CLUSTER)) {
        return Optional.of(at);
      }
      at = at.substring(0, at.lastIndexOf('/'));
    }
    return Optional.empty();
  }
}
