// SPDX-License-Identifier: EPL-2.0
package org.xenolith.acpi.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whoever has the RSDP's address finds all tables. */
class LinkedTablesTest {
  private static final long BASE = 0x7f00_0000L;
  private final List<AcpiTable> tables = GoldenTables.BARE.stream().map(signature -> GoldenTables.table("bare", signature)).toList();
  private final LinkedTables linked = LinkedTables.of(tables, new TableIdentity("ACME", "BOARD", 1, "ACME", 1), BASE);
  private final byte[] memory = linked.bytes();

  private AcpiTable at(long address) {
    AcpiTable table = AcpiTable.read(Arrays.copyOfRange(memory, (int) (address - BASE), memory.length));
    assertTrue(table.checksumIsRight(), table.toString());
    return table;
  }

  @Test
  void everyTableIsFoundFromTheRsdp() {
    AcpiTable xsdt = at(at(linked.rsdp()).structure().get(Rsdp.Field.XSDT_ADDRESS));
    List<AcpiTable> listed = xsdt.structure().all(Xsdt.ENTRY).stream().map(entry -> at(entry.get(Xsdt.Entry.ADDRESS))).toList();
    assertEquals(GoldenTables.BARE.stream().filter(signature -> !signature.equals("DSDT")).toList(), listed.stream()
        .map(AcpiTable::signature).toList());
    AcpiTable fadt = listed.stream().filter(table -> table.signature().equals("FACP")).findFirst().orElseThrow();
    assertEquals(GoldenTables.table("bare", "DSDT"), at(fadt.structure().get(Fadt.Field.X_DSDT)));
    assertEquals(GoldenTables.table("bare", "IORT"), listed.stream().filter(t -> t.signature().equals("IORT")).findFirst().orElseThrow());
  }

  @Test
  void noTableStandsInAnother() {
    long end = BASE;
    for (LinkedTables.PlacedTable each : linked.tables()) {
      assertTrue(each.address() >= end && each.address() % 64 == 0, each.toString());
      end = each.address() + each.table().length();
    }
    assertEquals(end - BASE, linked.length());
  }
}
