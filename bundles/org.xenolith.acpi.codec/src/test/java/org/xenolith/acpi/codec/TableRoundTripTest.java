// SPDX-License-Identifier: EPL-2.0
package org.xenolith.acpi.codec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.xenolith.acpi.codec.aml.Aml;
import org.xenolith.acpi.codec.aml.AmlReader;

/** What others made is read and written again byte for byte, out of its fields and its terms. */
class TableRoundTripTest {
  static Stream<List<String>> golden() {
    return Stream.of(GoldenTables.BARE.stream().map(each -> List.of("bare", each)),
        GoldenTables.PC.stream().map(each -> List.of("pc", each)), GoldenTables.DOM0.stream().map(each -> List.of("dom0", each)))
        .flatMap(each -> each);
  }

  @ParameterizedTest
  @MethodSource("golden")
  void everyTableIsBuiltAgainFromItsFields(List<String> which) {
    AcpiTable table = GoldenTables.table(which.get(0), which.get(1));
    assertTrue(table.checksumIsRight());
    assertArrayEquals(table.bytes(), AcpiTable.of(StructureBuilder.of(table.structure())).bytes());
  }

  @ParameterizedTest
  @ValueSource(strings = {"bare", "pc"})
  void theNamespaceIsWrittenAgainFromItsTerms(String machine) {
    AcpiTable dsdt = GoldenTables.table(machine, "DSDT");
    AcpiTable again = Aml.table(Definition.DSDT, (int) dsdt.structure().get(TableHeader.REVISION), TableIdentity.of(dsdt.structure()),
        AmlReader.read(dsdt));
    assertArrayEquals(dsdt.bytes(), again.bytes());
  }

  @ParameterizedTest
  @MethodSource("golden")
  void nothingOfThemIsUndeclared(List<String> which) {
    check(GoldenTables.table(which.get(0), which.get(1)).structure());
  }

  private static void check(Structure structure) {
    assertTrue(structure.layout() != UnknownEntry.LAYOUT, structure.toString());
    for (FoundPart part : structure.parts()) {
      assertTrue(part.part() != null, structure + " has " + part.length() + " bytes that are not declared");
    }
    structure.structures().forEach(TableRoundTripTest::check);
  }

  @Test
  void fieldsAreWhatTheirMakersMeant() {
    Structure madt = GoldenTables.table("bare", "APIC").structure();
    Structure gicc = madt.all(Madt.GICC).getFirst();
    assertEquals(0x08010000, gicc.get(Madt.Gicc.BASE_ADDRESS));
    assertEquals(Madt.ENABLED, gicc.get(Madt.Gicc.FLAGS));
    assertEquals(2, madt.all(Madt.GICD).getFirst().get(Madt.Gicd.GIC_VERSION));
    assertEquals(80, madt.all(Madt.MSI_FRAME).getFirst().get(Madt.MsiFrame.SPI_BASE));
    Structure iort = GoldenTables.table("bare", "IORT").structure();
    Structure mapping = iort.all(Iort.ROOT_COMPLEX).getFirst().all(Iort.MAPPING).getFirst();
    assertEquals(iort.all(Iort.ITS_GROUP).getFirst().offset(), mapping.get(Iort.Mapping.OUTPUT_REFERENCE));
    Structure port = GoldenTables.table("bare", "DBG2").structure().all(Dbg2.DEVICE).getFirst();
    assertEquals("COM0\0", new String(port.data(Dbg2.NAMESPACE), StandardCharsets.US_ASCII));
    assertEquals(0x09000000, port.all(Dbg2.BASE_ADDRESS).getFirst().address(Dbg2.BaseAddress.ADDRESS).address());
    Structure pc = GoldenTables.table("pc", "APIC").structure();
    assertEquals(Madt.ENABLED, pc.all(MadtApic.LOCAL_APIC).getFirst().get(MadtApic.LocalApic.FLAGS));
    assertEquals(0xfec0_0000L, pc.all(MadtApic.IO_APIC).getFirst().get(MadtApic.IoApic.IO_APIC_ADDRESS));
    assertEquals(List.of(2L, 5L, 9L, 10L, 11L), pc.all(MadtApic.SOURCE_OVERRIDE).stream().map(each -> each.get(
        MadtApic.SourceOverride.GLOBAL_SYSTEM_INTERRUPT)).toList());
    assertEquals(1, pc.all(MadtApic.LOCAL_NMI).getFirst().get(MadtApic.LocalNmi.LOCAL_APIC_LINT));
    assertEquals(0xfed0_0000L, GoldenTables.table("pc", "HPET").structure().address(HpetTable.Field.BASE_ADDRESS).address());
    Structure fadt = GoldenTables.table("dom0", "FACP").structure();
    assertEquals(Fadt.PSCI_COMPLIANT | Fadt.PSCI_USE_HVC, fadt.get(Fadt.Field.ARM_BOOT_ARCH));
    assertEquals(1, GoldenTables.table("dom0", "STAO").structure().get(Stao.Field.UART));
  }
}
