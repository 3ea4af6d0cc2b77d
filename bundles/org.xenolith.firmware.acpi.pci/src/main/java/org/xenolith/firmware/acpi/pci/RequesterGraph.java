// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.acpi.pci;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.xenolith.acpi.codec.AcpiTable;
import org.xenolith.acpi.codec.Iort;
import org.xenolith.acpi.codec.StructureBuilder;
import org.xenolith.acpi.codec.TableField;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.firmware.api.AcpiBridge;
import org.xenolith.firmware.api.AcpiDevice;
import org.xenolith.firmware.api.AcpiInterrupt;
import org.xenolith.firmware.api.AcpiMachine;
import org.xenolith.firmware.kit.GicNodes;
import org.xenolith.platform.api.PlatformException;
import org.xenolith.platform.api.PlatformNode;

/** The nodes of one machine's IORT. */
final class RequesterGraph {
  /** Those of DEN0049D, which all kernels know; what came later (identifiers, reserved memory, PASIDs) no board here needs. */
  private static final int REVISION = 0;
  private static final int GROUP_REVISION = 0;
  private static final int ROOT_REVISION = 1;
  private static final int SMMU_REVISION = 2;
  /** Has no mapping for the SMMU's own messages; later ones take the first mapping for it unless all its interrupts are named. */
  private static final int SMMU_REVISION_WITHOUT_INDEX = 0;
  private static final int COMPONENT_REVISION = 2;
  /** Memory access properties of a coherent master: CCA 1; memory access flags CPM and DACS (DEN0049, table 14). */
  private static final long COHERENT = 0x0300_0000_0000_0001L;
  private static final int ADDRESS_BITS = 64;
  private static final long COHACC_OVERRIDE = 1;
  private static final long SINGLE = 1;
  private static final String SMMU_V3 = "arm,smmu-v3";

  private final AcpiMachine machine;
  private final Map<String, StructureBuilder> groups = new LinkedHashMap<>();
  private final Map<String, StructureBuilder> smmus = new LinkedHashMap<>();
  private final List<StructureBuilder> masters = new ArrayList<>();

  RequesterGraph(AcpiMachine machine) {
    this.machine = machine;
    List<PlatformNode> translators = GicNodes.translators(machine.platform());
    for (int id = 0; id < translators.size(); id++) {
      groups.put(translators.get(id).path(), StructureBuilder.of(Iort.ITS_GROUP).set(Iort.ItsGroup.REVISION, GROUP_REVISION)
          .add(StructureBuilder.of(Iort.ITS_ID).set(Iort.ItsId.GIC_ITS_ID, id)));
    }
    machine.platform().nodes().stream().filter(node -> node.enabled() && node.isCompatible(SMMU_V3))
        .forEach(node -> smmus.put(node.path(), smmu(node)));
  }

  Optional<AcpiTable> table() {
    if (groups.isEmpty() && smmus.isEmpty()) {
      return Optional.empty();
    }
    machine.bridges().forEach(this::root);
    machine.devices().stream().filter(device -> device.node().has("iommus")).forEach(this::component);
    StructureBuilder iort = AcpiTable.header(Iort.LAYOUT, REVISION, machine.identity());
    List<StructureBuilder> nodes = new ArrayList<>(groups.values());
    nodes.addAll(smmus.values());
    nodes.addAll(masters);
    nodes.forEach(iort::add);
    return Optional.of(AcpiTable.of(iort));
  }

  private StructureBuilder smmu(PlatformNode node) {
    if (node.windows().isEmpty()) {
      throw new PlatformException(node.path() + ": it has no reg; give it its window");
    }
    machine.told(node);
    StructureBuilder smmu = StructureBuilder.of(Iort.SMMU_V3)
        .set(Iort.SmmuV3.BASE_ADDRESS, node.windows().getFirst().base())
        .set(Iort.SmmuV3.FLAGS, node.has("dma-coherent") ? COHACC_OVERRIDE : 0);
    List<String> names = node.property("interrupt-names").filter(FdtProperty::looksLikeStrings).map(FdtProperty::strings).orElse(List.of());
    List<AcpiInterrupt> interrupts = machine.interrupts(node);
    Map<String, TableField> fields = Map.of("eventq", Iort.SmmuV3.EVENT_GSIV, "priq", Iort.SmmuV3.PRI_GSIV, "gerror",
        Iort.SmmuV3.GERR_GSIV, "cmdq-sync", Iort.SmmuV3.SYNC_GSIV);
    int set = 0;
    for (int i = 0; i < Math.min(names.size(), interrupts.size()); i++) {
      if (!interrupts.get(i).edge() && fields.containsKey(names.get(i))) {
        machine.untold(node, "its interrupt " + names.get(i) + " is level-sensitive; IORT says no trigger, and operating systems take "
            + "edges", "make it an edge, as the architecture has it");
      } else if (fields.containsKey(names.get(i))) {
        smmu.set(fields.get(names.get(i)), interrupts.get(i).gsiv());
        set++;
      }
    }
    return smmu.set(Iort.SmmuV3.REVISION, set == fields.size() ? SMMU_REVISION : SMMU_REVISION_WITHOUT_INDEX);
  }

  private void root(AcpiBridge bridge) {
    PlatformNode node = bridge.node();
    StructureBuilder root = StructureBuilder.upTo(Iort.ROOT_COMPLEX, Iort.RootComplex.RESERVED_35)
        .set(Iort.RootComplex.REVISION, ROOT_REVISION).set(Iort.RootComplex.PCI_SEGMENT, bridge.segment())
        .set(Iort.RootComplex.MEMORY_PROPERTIES, properties(node)).set(Iort.RootComplex.ADDRESS_SIZE_LIMIT, ADDRESS_BITS)
        .set(Iort.RootComplex.ATS_ATTRIBUTE, node.has("ats-supported") ? 1 : 0);
    List<RequesterRange> streams = RequesterRange.of(machine, node, RequesterRange.STREAMS);
    List<RequesterRange> messages = RequesterRange.of(machine, node, RequesterRange.MESSAGES).stream()
        .filter(range -> groups.containsKey(range.at().path())).toList();
    for (RequesterRange range : streams) {
      StructureBuilder smmu = smmus.get(range.at().path());
      if (smmu == null) {
        machine.untold(node, "its requests go through " + range.at().path() + ", which IORT has no node for here", "take an SMMUv3");
        continue;
      }
      root.add(mapping(range.first(), range.count(), range.id(), smmu));
      for (RequesterRange message : messages) {
        RequesterRange through = message.within(range);
        if (through != null) {
          smmu.add(mapping(range.id() + through.first() - range.first(), through.count(), through.id(), groups.get(through.at().path())));
        }
      }
    }
    for (RequesterRange message : messages) {
      for (RequesterRange past : message.without(streams)) {
        root.add(mapping(past.first(), past.count(), past.id(), groups.get(past.at().path())));
      }
    }
    masters.add(root);
  }

  /** A bus master that is no function of PCI: its {@code iommus} are pairs of an SMMU and a StreamID. */
  private void component(AcpiDevice device) {
    PlatformNode node = device.node();
    FdtProperty iommus = node.property("iommus").orElseThrow();
    StructureBuilder component = StructureBuilder.of(Iort.NAMED_COMPONENT).set(Iort.NamedComponent.REVISION, COMPONENT_REVISION)
        .set(Iort.NamedComponent.MEMORY_PROPERTIES, properties(node)).set(Iort.NamedComponent.ADDRESS_SIZE_LIMIT, ADDRESS_BITS)
        .add(Iort.NAME, name(device.path()));
    for (int at = 0; at + 1 < iommus.cellCount(); at += 2) {
      StructureBuilder smmu = machine.platform().byPhandle(iommus.cell(at)).map(PlatformNode::path).map(smmus::get).orElse(null);
      if (smmu == null) {
        machine.untold(node, "its requests go through no SMMUv3", "name one in iommus");
        return;
      }
      component.add(StructureBuilder.of(Iort.MAPPING).set(Iort.Mapping.OUTPUT_BASE, iommus.cell(at + 1) & 0xffff_ffffL)
          .refer(Iort.Mapping.OUTPUT_REFERENCE, smmu).set(Iort.Mapping.FLAGS, SINGLE));
    }
    masters.add(component);
  }

  /** With a NUL, filled up so that what follows is aligned to 4 bytes. */
  private static byte[] name(String path) {
    int start = Iort.NamedComponent.ADDRESS_SIZE_LIMIT.spec().end();
    int end = start + path.length() + 1;
    return Arrays.copyOf(path.getBytes(StandardCharsets.US_ASCII), path.length() + 1 + (-end & 3));
  }

  private static long properties(PlatformNode node) {
    return node.has("dma-coherent") ? COHERENT : 0;
  }

  private static StructureBuilder mapping(long first, long count, long id, StructureBuilder to) {
    return StructureBuilder.of(Iort.MAPPING).set(Iort.Mapping.INPUT_BASE, first).set(Iort.Mapping.ID_COUNT, count - 1)
        .set(Iort.Mapping.OUTPUT_BASE, id).refer(Iort.Mapping.OUTPUT_REFERENCE, to);
  }
}
