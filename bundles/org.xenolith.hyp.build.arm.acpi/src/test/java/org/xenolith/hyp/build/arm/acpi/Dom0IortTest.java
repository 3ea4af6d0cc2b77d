// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.build.arm.acpi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.acpi.codec.AcpiTable;
import org.xenolith.acpi.codec.Iort;
import org.xenolith.acpi.codec.Structure;
import org.xenolith.acpi.codec.StructureBuilder;
import org.xenolith.acpi.codec.TableCheck;
import org.xenolith.acpi.codec.TableIdentity;

/** Two root complexes behind two SMMUs, of which the hypervisor drives one, before an ITS. */
class Dom0IortTest {
  private static final long DRIVEN = 0x905_0000L;
  private static final long OTHER = 0x906_0000L;
  private final StructureBuilder its = StructureBuilder.of(Iort.ITS_GROUP).add(StructureBuilder.of(Iort.ITS_ID));
  private final StructureBuilder driven = smmu(DRIVEN).add(mapping(0x100, 0x80, 0x4000, its)).add(mapping(0x200, 0x100, 0x5000, its))
      .add(mapping(0, 1, 0x9999, its).set(Iort.Mapping.FLAGS, 1));
  private final StructureBuilder other = smmu(OTHER).add(mapping(0, 0x1_0000, 0, its));
  private final StructureBuilder first = complex(0).add(mapping(0, 0x180, 0x100, driven)).add(mapping(0x8000, 0x100, 0x8000, its));
  private final StructureBuilder second = complex(1).add(mapping(0, 0x100, 0, other));

  private static StructureBuilder smmu(long base) {
    return StructureBuilder.of(Iort.SMMU_V3).set(Iort.SmmuV3.BASE_ADDRESS, base);
  }

  private static StructureBuilder complex(int segment) {
    return StructureBuilder.of(Iort.ROOT_COMPLEX).set(Iort.RootComplex.PCI_SEGMENT, segment);
  }

  private static StructureBuilder mapping(long input, long count, long output, StructureBuilder to) {
    return StructureBuilder.of(Iort.MAPPING).set(Iort.Mapping.INPUT_BASE, input).set(Iort.Mapping.ID_COUNT, count - 1)
        .set(Iort.Mapping.OUTPUT_BASE, output).refer(Iort.Mapping.OUTPUT_REFERENCE, to);
  }

  /** Nodes in another order than they are referred to in. */
  private AcpiTable host() {
    return AcpiTable.of(AcpiTable.header(Iort.LAYOUT, 0, new TableIdentity("ACME", "BOARD", 1, "ACME", 1)).add(driven).add(its).add(other)
        .add(first).add(second));
  }

  private static List<String> mappings(AcpiTable table, int segment) {
    Structure complex = table.structure().structures().filter(node -> node.layout() == Iort.ROOT_COMPLEX && node.get(
        Iort.RootComplex.PCI_SEGMENT) == segment).findFirst().orElseThrow();
    return complex.all(Iort.MAPPING).stream().map(each -> "%x+%x>%x %s".formatted(each.get(Iort.Mapping.INPUT_BASE), each.get(
        Iort.Mapping.ID_COUNT) + 1, each.get(Iort.Mapping.OUTPUT_BASE), table.structure().structures().filter(node -> node.offset() == each
            .get(Iort.Mapping.OUTPUT_REFERENCE)).map(node -> node.layout().toString()).findFirst().orElse("nowhere"))).toList();
  }

  @Test
  void whatWentThroughADrivenSmmuGoesOnWithItsIds() {
    AcpiTable made = Dom0Iort.of(host(), List.of(DRIVEN)).orElseThrow();
    assertEquals(List.of("ITS group", "SMMUv3", "root complex", "root complex"), made.structure().structures().map(node -> node.layout()
        .toString()).toList());
    assertEquals(List.of("0+80>4000 ITS group", "100+80>5000 ITS group", "8000+100>8000 ITS group"), mappings(made, 0),
        "streams that the SMMU doesn't map have no messages");
    assertEquals(List.of("0+100>0 SMMUv3"), mappings(made, 1));
    assertEquals(List.of(), TableCheck.faults(made));
  }

  @Test
  void withoutADrivenSmmuTheMachinesTableStays() {
    assertTrue(Dom0Iort.of(host(), List.of()).isEmpty());
    assertTrue(Dom0Iort.of(GoldenHost.table("host/IORT"), List.of(DRIVEN)).isEmpty());
  }

  @Test
  void withAllDrivenNoneIsLeft() {
    AcpiTable made = Dom0Iort.of(host(), List.of(DRIVEN, OTHER)).orElseThrow();
    assertEquals(List.of("0+100>0 ITS group"), mappings(made, 1));
  }

  /** A GICv2 has no ITS: its SMMU leads nowhere. */
  @Test
  void whatGoesNowhereBehindADrivenSmmuHasNoMapping() {
    StructureBuilder last = smmu(DRIVEN);
    AcpiTable host = AcpiTable.of(AcpiTable.header(Iort.LAYOUT, 0, new TableIdentity("ACME", "BOARD", 1, "ACME", 1)).add(last)
        .add(complex(0).set(Iort.RootComplex.MEMORY_PROPERTIES, 1).add(mapping(0, 0x1_0000, 0, last))));
    AcpiTable made = Dom0Iort.of(host, List.of(DRIVEN)).orElseThrow();
    assertEquals(List.of(), mappings(made, 0));
    Structure complex = made.structure().structures().findFirst().orElseThrow();
    assertEquals(List.of(1L, 0L, 0L), List.of(complex.get(Iort.RootComplex.MEMORY_PROPERTIES), complex.get(Iort.RootComplex.MAPPING_COUNT),
        complex.get(Iort.RootComplex.MAPPING_OFFSET)));
    assertEquals(List.of(), TableCheck.faults(made));
    AcpiTable alone = AcpiTable.of(AcpiTable.header(Iort.LAYOUT, 0, new TableIdentity("ACME", "BOARD", 1, "ACME", 1)).add(smmu(DRIVEN)));
    assertEquals(0, Dom0Iort.of(alone, List.of(DRIVEN)).orElseThrow().structure().structures().count());
  }
}
