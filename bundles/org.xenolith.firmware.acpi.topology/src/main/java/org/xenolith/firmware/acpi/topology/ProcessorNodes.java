// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.acpi.topology;

import static org.xenolith.command.api.OptionName.option;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.xenolith.acpi.codec.Fadt;
import org.xenolith.acpi.codec.Madt;
import org.xenolith.acpi.codec.Pptt;
import org.xenolith.acpi.codec.Structure;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.firmware.kit.ParkedCpu;

/** The processors of MADT, FADT and PPTT (Devicetree bindings arm/cpus.yaml, arm/psci.yaml, cpu-map.yaml). */
final class ProcessorNodes {
  /** Aff3 and Aff2 to Aff0 of MPIDR_EL1. */
  private static final long AFFINITY = 0xff_00ff_ffffL;

  private static final long LEAF = Pptt.PROCESSOR_ID_VALID | Pptt.LEAF;

  private final TablesToTree machine;
  private final List<Structure> processors;
  private final long boot;

  ProcessorNodes(TablesToTree machine, ControllerNodes controller) {
    this.machine = machine;
    processors = controller.processors();
    boot = machine.tables().find("FACP").map(fadt -> fadt.structure().get(Fadt.Field.ARM_BOOT_ARCH, 0)).orElse(0L);
  }

  void add(TreeNodes nodes) {
    boolean wide = processors.stream().anyMatch(each -> (each.get(Madt.Gicc.MPIDR, 0) & AFFINITY) >>> 32 != 0);
    List<FdtNode> cpus = new ArrayList<>();
    for (Structure processor : processors) {
      cpu(processor, wide, cpus);
    }
    List<FdtNode> children = new ArrayList<>(cpus);
    clusters().ifPresent(children::add);
    machine.untold("/cpus", "tables don't say which cores they are; any of Armv8 are assumed", "write compatible into the topology");
    nodes.add("cpus", new FdtNode("cpus", List.of(FdtProperty.ofCells("#address-cells", wide ? 2 : 1),
        FdtProperty.ofCells("#size-cells", 0)), children), List.of());
    if ((boot & Fadt.PSCI_COMPLIANT) != 0) {
      nodes.add("psci", new FdtNode("psci", List.of(FdtProperty.ofStrings("compatible", "arm,psci-1.0", "arm,psci-0.2"),
          FdtProperty.ofStrings("method", (boot & Fadt.PSCI_USE_HVC) != 0 ? "hvc" : "smc")), List.of()), List.of());
    }
  }

  private void cpu(Structure processor, boolean wide, List<FdtNode> cpus) {
    long mpidr = processor.get(Madt.Gicc.MPIDR, processor.get(Madt.Gicc.CPU_INTERFACE_NUMBER)) & AFFINITY;
    String place = "APIC, offset 0x" + Integer.toHexString(processor.offset());
    List<FdtProperty> properties = new ArrayList<>(List.of(FdtProperty.ofStrings("device_type", "cpu"),
        FdtProperty.ofStrings("compatible", "arm,armv8"),
        wide ? FdtProperty.ofU64("reg", mpidr) : FdtProperty.ofCells("reg", (int) mpidr)));
    long mailbox = processor.get(Madt.Gicc.PARKED_ADDRESS);
    if ((boot & Fadt.PSCI_COMPLIANT) != 0) {
      properties.add(FdtProperty.ofStrings("enable-method", "psci"));
    } else if (mailbox != 0) {
      properties.add(FdtProperty.ofStrings("enable-method", ParkedCpu.METHOD));
      properties.add(FdtProperty.ofU64(ParkedCpu.MAILBOX, mailbox));
      machine.untold(place, "the processor waits by the parking protocol, which kernels know by ACPI only",
          "start with " + option("firmware") + " acpi, or with one CPU");
    } else if (!cpus.isEmpty()) {
      machine.untold(place, "nothing says how the processor is started", "boot with one CPU, or write enable-method into the topology");
    }
    FdtNode node = new FdtNode("cpu@" + Long.toHexString(mpidr), properties, List.of());
    if (cpus.stream().anyMatch(each -> each.name().equals(node.name()))) {
      machine.untold(place, "another processor has the affinity 0x" + Long.toHexString(mpidr), "correct the table");
    } else {
      cpus.add(new FdtNode(node.name(), withPhandle(properties, processor), List.of()));
    }
  }

  private List<FdtProperty> withPhandle(List<FdtProperty> properties, Structure processor) {
    properties.add(FdtProperty.ofCells("phandle", machine.phandle(place(processor.get(Madt.Gicc.ACPI_PROCESSOR_UID)))));
    return properties;
  }

  /** What stands for a processor where phandles are asked for. */
  static String place(long uid) {
    return "processor " + uid;
  }

  /** The level above processors, where it is none of packages. */
  private Optional<FdtNode> clusters() {
    List<Structure> all = machine.tables().find("PPTT").map(pptt -> pptt.structure().all(Pptt.PROCESSOR)).orElse(List.of());
    Map<Long, Structure> byOffset = new LinkedHashMap<>();
    all.forEach(each -> byOffset.put((long) each.offset(), each));
    Map<Long, List<FdtNode>> clusters = new LinkedHashMap<>();
    for (Structure processor : processors) {
      long uid = processor.get(Madt.Gicc.ACPI_PROCESSOR_UID);
      Structure leaf = all.stream().filter(each -> (each.get(Pptt.Processor.FLAGS) & LEAF) == LEAF
          && each.get(Pptt.Processor.ACPI_PROCESSOR_ID) == uid).findFirst().orElse(null);
      Structure parent = leaf == null ? null : byOffset.get(leaf.get(Pptt.Processor.PARENT));
      if (parent == null || (parent.get(Pptt.Processor.FLAGS) & Pptt.PHYSICAL_PACKAGE) != 0) {
        return Optional.empty();
      }
      List<FdtNode> cores = clusters.computeIfAbsent((long) parent.offset(), each -> new ArrayList<>());
      cores.add(new FdtNode("core" + cores.size(), List.of(FdtProperty.ofCells("cpu", machine.phandle(place(uid)))), List.of()));
    }
    List<FdtNode> nodes = new ArrayList<>();
    clusters.values().forEach(cores -> nodes.add(new FdtNode("cluster" + nodes.size(), List.of(), cores)));
    return Optional.of(new FdtNode("cpu-map", List.of(), nodes));
  }
}
