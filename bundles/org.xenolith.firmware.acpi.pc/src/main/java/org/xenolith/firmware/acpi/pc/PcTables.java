// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.acpi.pc;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.xenolith.acpi.codec.AcpiTable;
import org.xenolith.acpi.codec.Facs;
import org.xenolith.acpi.codec.Fadt;
import org.xenolith.acpi.codec.LinkedTables;
import org.xenolith.acpi.codec.StructureBuilder;
import org.xenolith.acpi.codec.TableIdentity;
import org.xenolith.acpi.codec.TableSet;
import org.xenolith.boot.api.DeviceTreeFacts;
import org.xenolith.boot.api.GuestMemory;
import org.xenolith.boot.api.MemoryRange;
import org.xenolith.fdt.Fdt;
import org.xenolith.launch.api.BoardDescription;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.platform.api.Platform;
import org.xenolith.platform.api.PlatformException;

/** A PC's tables in the area of its BIOS, where an operating system looks for the RSDP that nobody tells of (ACPI 6.5, 5.2.5.1). */
final class PcTables implements BoardDescription {
  /** Where the RSDP is. */
  static final long BASE = 0xE_0000;
  private static final long END = 0x10_0000;
  private static final int FACS_VERSION = 2;

  private final LinkedTables tables;
  private final Fdt tree;

  private PcTables(LinkedTables tables, Fdt tree) {
    this.tables = tables;
    this.tree = tree;
  }

  /**
   * Places tables.
   *
   * @param set  without RSDP, XSDT and FACS
   * @param tree of the machine
   * @throws PlatformException if there is no room for them
   */
  static PcTables of(Platform platform, TableSet set, TableIdentity identity, Fdt tree) {
    List<AcpiTable> all = new ArrayList<>(set.tables());
    if (all.stream().anyMatch(PcTables::hasFixedHardware)) {
      all.add(AcpiTable.of(StructureBuilder.of(Facs.LAYOUT).set(Facs.Field.SIGNATURE, Facs.LAYOUT.name()).set(Facs.Field.VERSION,
          FACS_VERSION)));
    }
    LinkedTables tables = LinkedTables.of(all, identity, BASE);
    if (tables.length() > END - BASE) {
      throw new PlatformException(platform.name() + ": its ACPI tables have " + tables.length() + " bytes, and a PC has " + (END - BASE)
          + " for them below 1 MiB; leave devices out");
    }
    if (platform.memory().stream().noneMatch(bank -> covers(bank))) {
      throw new PlatformException(platform.name()
          + ": a PC's ACPI tables are at 0xe0000 to 0xfffff, where there is no RAM; let memory begin at 0");
    }
    return new PcTables(tables, tree);
  }

  private static boolean hasFixedHardware(AcpiTable table) {
    return table.signature().equals(Fadt.LAYOUT.name()) && (table.structure().get(Fadt.Field.FLAGS) & Fadt.HW_REDUCED_ACPI) == 0;
  }

  private static boolean covers(AddressWindow bank) {
    return bank.base() >= 0 && bank.base() <= BASE && bank.end() >= END;
  }

  @Override
  public List<MemoryRange> reserved() {
    return List.of(new MemoryRange(BASE, END - BASE));
  }

  @Override
  public OptionalLong rootPointer() {
    return OptionalLong.of(tables.rsdp());
  }

  @Override
  public Fdt load(GuestMemory memory, DeviceTreeFacts facts) {
    byte[] bytes = tables.bytes();
    memory.write(BASE, bytes, 0, bytes.length);
    return tree;
  }

  /** The tables where they are. */
  LinkedTables tables() {
    return tables;
  }
}
