// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.build.pvh.kit;

import java.util.ArrayList;
import java.util.List;
import org.xenolith.acpi.codec.AcpiException;
import org.xenolith.acpi.codec.AcpiTable;
import org.xenolith.acpi.codec.Fadt;
import org.xenolith.acpi.codec.LinkedTables.PlacedTable;
import org.xenolith.acpi.codec.Rsdp;
import org.xenolith.acpi.codec.Structure;
import org.xenolith.acpi.codec.TableHeader;
import org.xenolith.acpi.codec.Xsdt;
import org.xenolith.pvh.codec.StartInfo;

/** The tables in a memory, found as a kernel finds them: by the RSDP, its XSDT, and the FADT. */
public final class PlacedTables {
  private static final String REMEDY = "have the builder write it there, or name the address where it is";
  /** No table of a machine is as long. */
  private static final int MOST = 1 << 20;
  private static final int RSDP_LENGTH = 36;

  private final StartInfo.Memory memory;
  private final List<PlacedTable> found = new ArrayList<>();

  private PlacedTables(StartInfo.Memory memory) {
    this.memory = memory;
  }

  /**
   * All of them, RSDP and XSDT first.
   *
   * @throws AcpiException if one isn't where it is said to be
   */
  public static List<PlacedTable> of(StartInfo.Memory memory, long rootPointer) {
    PlacedTables tables = new PlacedTables(memory);
    Structure root = tables.add("RSDP", AcpiTable.read(memory.read(rootPointer, RSDP_LENGTH)), rootPointer);
    if (!root.has(Rsdp.Field.XSDT_ADDRESS)) {
      throw new AcpiException("RSDP", 0, "it is of ACPI 1.0 and names no XSDT", "write one of revision 2");
    }
    Structure list = tables.table("XSDT", root.get(Rsdp.Field.XSDT_ADDRESS));
    for (Structure entry : list.all(Xsdt.ENTRY)) {
      Structure table = tables.table("", entry.get(Xsdt.Entry.ADDRESS));
      if (table.layout() == Fadt.LAYOUT) {
        tables.table("DSDT", named(table, Fadt.Field.X_DSDT, Fadt.Field.DSDT));
        long facs = named(table, Fadt.Field.X_FIRMWARE_CTRL, Fadt.Field.FIRMWARE_CTRL);
        if (facs != 0) {
          tables.table("FACS", facs);
        }
      }
    }
    return tables.found;
  }

  private static long named(Structure fadt, Fadt.Field wide, Fadt.Field narrow) {
    long address = fadt.get(wide, 0);
    return address == 0 ? fadt.get(narrow, 0) : address;
  }

  private Structure table(String signature, long address) {
    String what = signature.isEmpty() ? "a table of the XSDT" : signature;
    AcpiTable table;
    try {
      byte[] head = memory.read(address, TableHeader.LENGTH.spec().end());
      int length = TableHeader.LENGTH.spec().offset();
      int bytes = (head[length] & 0xFF) | (head[length + 1] & 0xFF) << 8 | (head[length + 2] & 0xFF) << 16 | head[length + 3] << 24;
      if (bytes < head.length || bytes > MOST) {
        throw new AcpiException(what, 0, "at 0x%x there is none, where it is said to be".formatted(address), REMEDY);
      }
      table = AcpiTable.read(memory.read(address, bytes));
    } catch (AcpiException e) {
      throw signature.isEmpty() ? e : new AcpiException(signature, e.offset(), e.what(), e.remedy());
    }
    if (!signature.isEmpty() && !table.signature().equals(signature)) {
      throw new AcpiException(signature, 0, "at 0x%x there is a %s, where it is said to be".formatted(address, table.signature()), REMEDY);
    }
    return add(signature, table, address);
  }

  private Structure add(String signature, AcpiTable table, long address) {
    if (signature.equals("RSDP") && !table.signature().equals(signature)) {
      throw new AcpiException(signature, 0, "at 0x%x there is none, where it is said to be".formatted(address), REMEDY);
    }
    found.add(new PlacedTable(table, address));
    return table.structure();
  }
}
