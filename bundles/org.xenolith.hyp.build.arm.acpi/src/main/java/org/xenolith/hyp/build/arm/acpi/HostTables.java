// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.build.arm.acpi;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.xenolith.acpi.codec.AcpiException;
import org.xenolith.acpi.codec.AcpiTable;
import org.xenolith.acpi.codec.Fadt;
import org.xenolith.acpi.codec.LinkedTables.PlacedTable;
import org.xenolith.acpi.codec.Rsdp;
import org.xenolith.acpi.codec.Structure;
import org.xenolith.acpi.codec.TableHeader;
import org.xenolith.acpi.codec.TableSet;
import org.xenolith.acpi.codec.Xsdt;

/**
 * The machine's tables where its firmware left them.
 *
 * @param rsdp   the root
 * @param xsdt   what names them
 * @param tables what the XSDT names, in its order
 * @param named  what the FADT names: DSDT, and FACS if there is one
 */
record HostTables(PlacedTable rsdp, PlacedTable xsdt, List<PlacedTable> tables, List<PlacedTable> named) {
  private static final int LENGTH_AT = TableHeader.LENGTH.spec().offset();
  private static final int LEAST = 8;

  HostTables {
    tables = List.copyOf(tables);
    named = List.copyOf(named);
  }

  /**
   * Reads them.
   *
   * @throws IllegalArgumentException if one isn't in memory of tables
   * @throws AcpiException if one isn't what it says, or a sum of one that must be changed is wrong
   */
  static HostTables read(HostFirmware memory) {
    PlacedTable rsdp = sound(new PlacedTable(AcpiTable.read(memory.read(memory.rsdp(), Rsdp.LAYOUT.size())), memory.rsdp()));
    Structure root = rsdp.table().structure();
    if (!rsdp.table().signature().equals("RSDP") || root.get(Rsdp.Field.REVISION) < Rsdp.REVISION_WITH_XSDT
        || !root.has(Rsdp.Field.XSDT_ADDRESS)) {
      throw new AcpiException("RSDP", Rsdp.Field.REVISION.spec().offset(), "it names no XSDT", "a machine of Arm's has one since ACPI 5.0");
    }
    PlacedTable xsdt = sound(table(memory, "RSDP", root.get(Rsdp.Field.XSDT_ADDRESS)));
    List<PlacedTable> tables = new ArrayList<>();
    for (Structure entry : xsdt.table().structure().all(Xsdt.ENTRY)) {
      tables.add(table(memory, "XSDT", entry.get(Xsdt.Entry.ADDRESS)));
    }
    HostTables found = new HostTables(rsdp, xsdt, tables, List.of());
    return new HostTables(rsdp, xsdt, tables, named(memory, found.demand("FACP").table().structure()));
  }

  private static List<PlacedTable> named(HostFirmware memory, Structure fadt) {
    List<PlacedTable> named = new ArrayList<>();
    long dsdt = fadt.get(Fadt.Field.X_DSDT, 0);
    named.add(table(memory, "FACP", dsdt != 0 ? dsdt : fadt.get(Fadt.Field.DSDT)));
    long facs = fadt.get(Fadt.Field.X_FIRMWARE_CTRL, 0);
    long firmware = facs != 0 ? facs : fadt.get(Fadt.Field.FIRMWARE_CTRL);
    if (firmware != 0) {
      named.add(table(memory, "FACP", firmware));
    }
    return named;
  }

  private static PlacedTable table(HostFirmware memory, String by, long address) {
    long room = memory.room(address);
    int length = room < LEAST ? 0 : ByteBuffer.wrap(memory.read(address, LEAST)).order(ByteOrder.LITTLE_ENDIAN).getInt(LENGTH_AT);
    if (length < LEAST || length > room) {
      throw new IllegalArgumentException("the table at 0x" + Long.toHexString(address) + ", which " + by
          + " names, isn't wholly in memory that the firmware's map has for tables");
    }
    return new PlacedTable(AcpiTable.read(memory.read(address, length)), address);
  }

  private static PlacedTable sound(PlacedTable placed) {
    if (!placed.table().checksumIsRight()) {
      throw new AcpiException(placed.table().signature(), 0, "its bytes don't sum up to 0",
          "the table is damaged; a sum that was made anew would hide that");
    }
    return placed;
  }

  /** The first table of a signature that the XSDT names. */
  Optional<PlacedTable> find(String signature) {
    return tables.stream().filter(placed -> placed.table().signature().equals(signature)).findFirst();
  }

  /**
   * The same for one that there must be, with a sum that is right.
   *
   * @throws AcpiException if there is none, or it is damaged
   */
  PlacedTable demand(String signature) {
    return sound(find(signature).orElseThrow(() -> new AcpiException("XSDT", 0, "it names no " + signature,
        "the hardware domain needs one; boot it by device tree")));
  }

  /** All tables but RSDP and XSDT. */
  TableSet set() {
    List<AcpiTable> all = new ArrayList<>(tables.stream().map(PlacedTable::table).toList());
    named.forEach(placed -> all.add(placed.table()));
    return new TableSet(all);
  }
}
