// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.build.pvh.dom0;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.xenolith.acpi.codec.AcpiException;
import org.xenolith.acpi.codec.AcpiTable;
import org.xenolith.acpi.codec.Fadt;
import org.xenolith.acpi.codec.LinkedTables.PlacedTable;
import org.xenolith.acpi.codec.Rsdp;
import org.xenolith.acpi.codec.Structure;
import org.xenolith.acpi.codec.TableHeader;
import org.xenolith.acpi.codec.Xsdt;
import org.xenolith.hyp.kit.MachineMemory;

/**
 * A PC's tables where its firmware left them: the RSDP is in the area of the BIOS (ACPI 6.5, 5.2.5.1), the others where it says.
 *
 * @param rsdp   the root
 * @param xsdt   what names the others
 * @param tables what the XSDT names, in its order
 * @param named  what the FADT names: DSDT, and FACS if there is one
 */
record PvhHostTables(PlacedTable rsdp, PlacedTable xsdt, List<PlacedTable> tables, List<PlacedTable> named) {
  private static final int PAGE = 4096;
  private static final long AREA = 0xE_0000;
  private static final long AREA_END = 0x10_0000;
  private static final int STEP = 16;
  private static final int SIGNATURE = 8;
  private static final int LENGTH_AT = TableHeader.LENGTH.spec().offset();
  private static final int LEAST = 8;
  /** No table is longer than what a PC has for them; a number like that is damage. */
  private static final int MOST = 1 << 20;

  PvhHostTables {
    tables = List.copyOf(tables);
    named = List.copyOf(named);
  }

  /**
   * Finds and reads them.
   *
   * @throws IllegalArgumentException if there is no RSDP, or a table isn't in memory
   * @throws AcpiException            if one isn't what it says, or its sum is wrong
   */
  static PvhHostTables read(MachineMemory memory) {
    PlacedTable rsdp = root(memory).orElseThrow(() -> new IllegalArgumentException(
        "there is no RSDP from 0x%x to 0x%x; install a bundle that describes the board by ACPI, as org.xenolith.firmware.acpi.pc".formatted(
            AREA, AREA_END - 1)));
    Structure root = rsdp.table().structure();
    if (root.get(Rsdp.Field.REVISION) < Rsdp.REVISION_WITH_XSDT || root.get(Rsdp.Field.XSDT_ADDRESS, 0) == 0) {
      throw new AcpiException("RSDP", Rsdp.Field.REVISION.spec().offset(), "it names no XSDT", "tables of ACPI 2.0 or later are needed");
    }
    PlacedTable xsdt = table(memory, "RSDP", root.get(Rsdp.Field.XSDT_ADDRESS));
    List<PlacedTable> tables = new ArrayList<>();
    for (Structure entry : xsdt.table().structure().all(Xsdt.ENTRY)) {
      tables.add(table(memory, "XSDT", entry.get(Xsdt.Entry.ADDRESS)));
    }
    PvhHostTables found = new PvhHostTables(rsdp, xsdt, tables, List.of());
    return new PvhHostTables(rsdp, xsdt, tables, named(memory, found.demand("FACP").table().structure()));
  }

  private static Optional<PlacedTable> root(MachineMemory memory) {
    for (long at = AREA; at < AREA_END; at += STEP) {
      byte[] bytes = bytes(memory, at, Math.min(Rsdp.LAYOUT.size(), (int) (AREA_END - at)));
      if (Arrays.equals(Arrays.copyOf(bytes, SIGNATURE), Rsdp.SIGNATURE.getBytes(StandardCharsets.US_ASCII))) {
        return Optional.of(sound(new PlacedTable(AcpiTable.read(bytes), at)));
      }
    }
    return Optional.empty();
  }

  private static List<PlacedTable> named(MachineMemory memory, Structure fadt) {
    List<PlacedTable> named = new ArrayList<>();
    long dsdt = fadt.get(Fadt.Field.X_DSDT, 0);
    named.add(table(memory, "FACP", dsdt != 0 ? dsdt : fadt.get(Fadt.Field.DSDT)));
    long facs = fadt.get(Fadt.Field.X_FIRMWARE_CTRL, 0);
    long control = facs != 0 ? facs : fadt.get(Fadt.Field.FIRMWARE_CTRL);
    if (control != 0) {
      byte[] bytes = bytes(memory, control, length(memory, "FACP", control));
      // A FACS has no sum.
      named.add(new PlacedTable(AcpiTable.read(bytes), control));
    }
    return named;
  }

  private static PlacedTable table(MachineMemory memory, String by, long address) {
    return sound(new PlacedTable(AcpiTable.read(bytes(memory, address, length(memory, by, address))), address));
  }

  private static int length(MachineMemory memory, String by, long address) {
    int length = ByteBuffer.wrap(bytes(memory, address, LEAST)).order(ByteOrder.LITTLE_ENDIAN).getInt(LENGTH_AT);
    if (length < LEAST || length > MOST) {
      throw new IllegalArgumentException("the table at 0x%x, which %s names, has a length of %d bytes: nothing is there, or it is damaged"
          .formatted(address, by, length));
    }
    return length;
  }

  private static PlacedTable sound(PlacedTable placed) {
    if (!placed.table().checksumIsRight()) {
      throw new AcpiException(placed.table().signature(), 0, "its bytes don't sum up to 0",
          "the table is damaged; a sum that was made anew would hide that");
    }
    return placed;
  }

  private static byte[] bytes(MachineMemory memory, long address, int length) {
    byte[] bytes = new byte[length];
    for (int done = 0; done < length;) {
      int part = Math.min(length - done, PAGE - (int) (address + done & PAGE - 1));
      memory.read(address + done, bytes, done, part);
      done += part;
    }
    return bytes;
  }

  /** The first table of a signature that the XSDT names. */
  Optional<PlacedTable> find(String signature) {
    return tables.stream().filter(placed -> placed.table().signature().equals(signature)).findFirst();
  }

  /** The same for one that there must be. @throws AcpiException if there is none */
  PlacedTable demand(String signature) {
    return find(signature).orElseThrow(() -> new AcpiException("XSDT", 0, "it names no " + signature, "the hardware domain needs one"));
  }
}
