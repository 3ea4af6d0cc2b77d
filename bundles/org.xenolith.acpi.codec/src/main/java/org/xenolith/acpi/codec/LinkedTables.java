// SPDX-License-Identifier: EPL-2.0
package org.xenolith.acpi.codec;

import java.util.ArrayList;
import java.util.List;

/**
 * Tables of a machine in one piece of memory, linked: RSDP, XSDT, then the others in their order. The XSDT names all but DSDT and FACS,
 * which the FADT names (ACPI 6.5, 5.2.5 to 5.2.9).
 */
public final class LinkedTables {
  /** A FACS is aligned so (ACPI 6.5, 5.2.10); the others are, too. */
  private static final int ALIGNMENT = 64;
  private final List<PlacedTable> tables;
  private final long base;

  private LinkedTables(long base, List<PlacedTable> tables) {
    this.base = base;
    this.tables = List.copyOf(tables);
  }

  /**
   * A table at its physical address.
   *
   * @param address of its first byte
   */
  public record PlacedTable(AcpiTable table, long address) {}

  /**
   * Links tables.
   *
   * @param tables   without RSDP and XSDT; one FADT at most
   * @param identity of the XSDT's header
   * @param base     physical address of the first byte, a multiple of 64
   * @throws IllegalArgumentException if the FADT has no field for a table that it must name
   */
  public static LinkedTables of(List<AcpiTable> tables, TableIdentity identity, long base) {
    StructureBuilder xsdt = AcpiTable.header(Xsdt.LAYOUT, 1, identity);
    tables.stream().filter(LinkedTables::isListed).forEach(table -> xsdt.add(StructureBuilder.of(Xsdt.ENTRY)));
    long at = next(base + Rsdp.LAYOUT.size());
    long xsdtAt = at;
    at = next(at + xsdt.length());
    List<PlacedTable> placed = new ArrayList<>();
    for (AcpiTable table : tables) {
      placed.add(new PlacedTable(table, at));
      at = next(at + table.length());
    }
    StructureBuilder listing = AcpiTable.header(Xsdt.LAYOUT, 1, identity);
    for (PlacedTable each : placed) {
      if (isListed(each.table)) {
        listing.add(StructureBuilder.of(Xsdt.ENTRY).set(Xsdt.Entry.ADDRESS, each.address));
      }
    }
    List<PlacedTable> all = new ArrayList<>();
    all.add(new PlacedTable(rsdp(xsdtAt, identity), base));
    all.add(new PlacedTable(AcpiTable.of(listing), xsdtAt));
    for (PlacedTable each : placed) {
      all.add(each.table.signature().equals("FACP") ? new PlacedTable(naming(each.table, placed), each.address) : each);
    }
    return new LinkedTables(base, all);
  }

  private static AcpiTable rsdp(long xsdt, TableIdentity identity) {
    return AcpiTable.of(StructureBuilder.of(Rsdp.LAYOUT).set(Rsdp.Field.SIGNATURE, Rsdp.SIGNATURE)
        .set(Rsdp.Field.OEM_ID, identity.oemId()).set(Rsdp.Field.REVISION, Rsdp.REVISION_WITH_XSDT)
        .set(Rsdp.Field.XSDT_ADDRESS, xsdt));
  }

  private static boolean isListed(AcpiTable table) {
    return !table.signature().equals("DSDT") && !table.signature().equals("FACS");
  }

  private static AcpiTable naming(AcpiTable fadt, List<PlacedTable> placed) {
    StructureBuilder edited = StructureBuilder.of(fadt.structure());
    for (PlacedTable each : placed) {
      switch (each.table.signature()) {
        case "DSDT" -> edited.set(Fadt.Field.X_DSDT, each.address);
        case "FACS" -> edited.set(Fadt.Field.X_FIRMWARE_CTRL, each.address);
        default -> {
        }
      }
    }
    return AcpiTable.of(edited);
  }

  private static long next(long address) {
    return address + ALIGNMENT - 1 & -ALIGNMENT;
  }

  /** All tables with their addresses, RSDP first. */
  public List<PlacedTable> tables() {
    return tables;
  }

  /** Physical address of the RSDP. */
  public long rsdp() {
    return base;
  }

  /** Bytes from the first to the last. */
  public int length() {
    PlacedTable last = tables.getLast();
    return (int) (last.address - base) + last.table.length();
  }

  /** What memory has from the first to the last. */
  public byte[] bytes() {
    byte[] all = new byte[length()];
    for (PlacedTable each : tables) {
      byte[] bytes = each.table.bytes();
      System.arraycopy(bytes, 0, all, (int) (each.address - base), bytes.length);
    }
    return all;
  }
}
