// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.build.arm.acpi;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.xenolith.acpi.codec.AcpiTable;
import org.xenolith.acpi.codec.FoundPart;
import org.xenolith.acpi.codec.Iort;
import org.xenolith.acpi.codec.Structure;
import org.xenolith.acpi.codec.StructureBuilder;
import org.xenolith.acpi.codec.StructureLayout;
import org.xenolith.acpi.codec.TableField;

/**
 * The IORT of the hardware domain: the machine's without the SMMUs that the hypervisor drives. What went through one of them goes on to
 * where that leads, with the ids that it makes of the others (Arm DEN0049E.e, 3.1).
 */
final class Dom0Iort {
  private static final int SINGLE = 1;

  private final List<Long> smmus;
  /** What nodes are kept, by their places in the machine's table. */
  private final Map<Long, StructureBuilder> kept = new LinkedHashMap<>();
  private final Map<Long, Structure> driven = new LinkedHashMap<>();

  private Dom0Iort(List<Long> smmus) {
    this.smmus = smmus;
  }

  /**
   * Makes it.
   *
   * @param smmus addresses of the registers of those that the hypervisor drives
   * @return empty if the machine's has none of them
   */
  static Optional<AcpiTable> of(AcpiTable host, List<Long> smmus) {
    Dom0Iort iort = new Dom0Iort(smmus);
    Structure table = host.structure();
    table.structures().filter(iort::isDriven).forEach(node -> iort.driven.put((long) node.offset(), node));
    return iort.driven.isEmpty() ? Optional.empty() : Optional.of(iort.make(table));
  }

  private boolean isDriven(Structure node) {
    return node.layout() == Iort.SMMU_V3 && smmus.contains(node.get(Iort.SmmuV3.BASE_ADDRESS))
        || node.layout() == Iort.SMMU_V2 && smmus.contains(node.get(Iort.SmmuV2.BASE_ADDRESS));
  }

  /** Counters and memory that are of such an SMMU go with it. */
  private boolean belongsToDriven(Structure node) {
    return node.layout() == Iort.PMCG && driven.containsKey(node.get(Iort.Pmcg.NODE_REFERENCE))
        || node.layout() == Iort.RMR && node.all(Iort.MAPPING).stream().anyMatch(each -> driven.containsKey(target(each)));
  }

  private AcpiTable make(Structure table) {
    StructureBuilder made = StructureBuilder.of(Iort.LAYOUT);
    copyFields(table, made);
    List<Structure> nodes = table.structures().filter(node -> !isDriven(node) && !belongsToDriven(node)).toList();
    nodes.forEach(node -> kept.put((long) node.offset(), copy(node)));
    for (Structure node : nodes) {
      StructureBuilder copy = kept.get((long) node.offset());
      if (node.layout() == Iort.PMCG && kept.containsKey(node.get(Iort.Pmcg.NODE_REFERENCE))) {
        copy.refer(Iort.Pmcg.NODE_REFERENCE, kept.get(node.get(Iort.Pmcg.NODE_REFERENCE)));
      }
      node.all(Iort.MAPPING).forEach(mapping -> map(copy, mapping));
      made.add(copy);
    }
    return AcpiTable.of(made);
  }

  /** All but those that say of what isn't there until it is added: a part that stays away has neither count nor place. */
  private static void copyFields(Structure from, StructureBuilder to) {
    List<TableField> parts = from.layout().parts().stream().flatMap(part -> Stream.of(part.offset(), part.count()))
        .filter(Objects::nonNull).toList();
    from.layout().fields().stream().filter(field -> from.has(field) && !parts.contains(field))
        .forEach(field -> to.set(field, from.bytes(field)));
  }

  /** The node without its mappings. */
  private static StructureBuilder copy(Structure node) {
    StructureLayout layout = node.layout();
    List<TableField> fields = layout.fields().stream().filter(node::has).toList();
    StructureBuilder copy = fields.isEmpty() ? StructureBuilder.of(layout) : StructureBuilder.upTo(layout, fields.getLast());
    copyFields(node, copy);
    for (FoundPart found : node.parts()) {
      if (found.structures().isEmpty() && found.part() != null) {
        copy.add(found.part(), node.data(found.part()));
      }
      found.structures().stream().filter(each -> each.layout() != Iort.MAPPING).forEach(each -> copy.add(StructureBuilder.of(each)));
    }
    return copy;
  }

  private static long target(Structure mapping) {
    return mapping.get(Iort.Mapping.OUTPUT_REFERENCE);
  }

  private void map(StructureBuilder from, Structure mapping) {
    Structure smmu = driven.get(target(mapping));
    if (smmu == null) {
      if (kept.containsKey(target(mapping))) {
        from.add(StructureBuilder.of(mapping).refer(Iort.Mapping.OUTPUT_REFERENCE, kept.get(target(mapping))));
      }
      return;
    }
    for (Structure next : smmu.all(Iort.MAPPING)) {
      // A single mapping of the SMMU is of its own messages.
      if ((next.get(Iort.Mapping.FLAGS) & SINGLE) == 0 && kept.containsKey(target(next))) {
        through(from, mapping, next);
      }
    }
  }

  /** The ids that go on from the first mapping's output by the second one. */
  private void through(StructureBuilder from, Structure mapping, Structure next) {
    long streams = mapping.get(Iort.Mapping.OUTPUT_BASE);
    boolean single = (mapping.get(Iort.Mapping.FLAGS) & SINGLE) != 0;
    long first = Math.max(streams, next.get(Iort.Mapping.INPUT_BASE));
    long last = Math.min(streams + (single ? 0 : mapping.get(Iort.Mapping.ID_COUNT)),
        next.get(Iort.Mapping.INPUT_BASE) + next.get(Iort.Mapping.ID_COUNT));
    long output = next.get(Iort.Mapping.OUTPUT_BASE) + first - next.get(Iort.Mapping.INPUT_BASE);
    if (first <= last && output >>> 32 == 0) {
      from.add(StructureBuilder.of(Iort.MAPPING)
          .set(Iort.Mapping.INPUT_BASE, mapping.get(Iort.Mapping.INPUT_BASE) + first - streams & 0xffff_ffffL)
          .set(Iort.Mapping.ID_COUNT, last - first).set(Iort.Mapping.OUTPUT_BASE, output)
          .set(Iort.Mapping.FLAGS, mapping.get(Iort.Mapping.FLAGS)).refer(Iort.Mapping.OUTPUT_REFERENCE, kept.get(target(next))));
    }
  }
}
