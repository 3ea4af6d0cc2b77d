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
import org.xenolith.acpi.codec.aml.Aml;
import org.xenolith.acpi.codec.aml.AmlReader;

/** What others made is read and written again byte for byte, out of its fields and its terms. */
class TableRoundTripTest {
  static Stream<List<String>> golden() {
    return Stream.concat(GoldenTables.BARE.stream().map(each -> List.of("bare", each)),
        GoldenTables.DOM0.stream().map(each -> List.of("dom0", each)));
  }

  @ParameterizedTest
  @MethodSource("golden")
  void everyTableIsBuiltAgainFromItsFields(List<String> which) {
    AcpiTable table = GoldenTables.table(which.get(0), which.get(1));
    assertTrue(table.checksumIsRight());
    assertArrayEquals(table.bytes(), AcpiTable.of(StructureBuilder.of(table.structure())).bytes());
  }

  @Test
  void theNamespaceIsWrittenAgainFromItsTerms() {
    AcpiTable dsdt = GoldenTables.table("bare", "DSDT");
    AcpiTable again = Aml.table(Definition.DSDT, 2, TableIdentity.of(dsdt.structure()), AmlReader.read(dsdt));
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
    Structure fadt = GoldenTables.table("dom0", "FACP").structure();
    assertEquals(Fadt.PSCI_COMPLIANT | Fadt.PSCI_USE_HVC, fadt.get(Fadt.Field.ARM_BOOT_ARCH));
    assertEquals(1, GoldenTables.table("dom0", "STAO").structure().get(Stao.Field.UART));
  }
}
