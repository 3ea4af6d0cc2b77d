// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.build.pvh.dom0;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.xenolith.acpi.codec.AcpiTable;
import org.xenolith.acpi.codec.Fadt;
import org.xenolith.acpi.codec.LinkedTables.PlacedTable;
import org.xenolith.acpi.codec.Rsdp;
import org.xenolith.acpi.codec.StructureBuilder;
import org.xenolith.acpi.codec.TableIdentity;
import org.xenolith.acpi.codec.Xsdt;

/** A PC's tables as firmware leaves them; its MADT is that of QEMU 7.2's q35 with one CPU, as Xen 4.17 logs it. */
final class PcFirmware {
  static final long RSDP = 0xF_59E0;
  static final long XSDT = 0xE_2000;
  private static final long FIRST = 0xE_3000;
  private static final long STEP = 0x400;
  private static final TableIdentity IDENTITY = new TableIdentity("BOCHS", "BXPC", 1, "BXPC", 1);
  /** Header without sum; local APIC 0; I/O APIC 0; overrides of interrupts 0, 5, 9, 10, 11; NMI at LINT1. */
  private static final String MADT = "4150494378000000" + "01" + "00" + "424f43485320" + "4258504320202020" + "01000000" + "42585043"
      + "01000000" + "0000e0fe" + "01000000" + "0008000001000000" + "010c00000000c0fe00000000" + "020a0000020000000000"
      + "020a0005050000000d00" + "020a0009090000000d00" + "020a000a0a0000000d00" + "020a000b0b0000000d00" + "0406ff000001";
  private static final int SUM = 9;

  private PcFirmware() {}

  static byte[] golden(String file) {
    try (InputStream in = PcFirmware.class.getResourceAsStream(file + ".dat")) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static AcpiTable madt() {
    byte[] bytes = HexFormat.of().parseHex(MADT);
    for (int i = 0, sum = 0; i < bytes.length; i++) {
      sum -= i == SUM ? 0 : bytes[i];
      bytes[SUM] = (byte) sum;
    }
    return AcpiTable.read(bytes);
  }

  /** A table with a header and some bytes. */
  static AcpiTable other(String signature, int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < 4; i++) {
      bytes[i] = (byte) signature.charAt(i);
    }
    bytes[4] = (byte) length;
    bytes[5] = (byte) (length >> 8);
    bytes[8] = 1;
    int sum = 0;
    for (byte each : bytes) {
      sum -= each;
    }
    bytes[SUM] = (byte) sum;
    return AcpiTable.read(bytes);
  }

  /** Tables of these signatures at one address each, FACP and APIC among them if they are named. */
  static PvhHostTables tables(String... signatures) {
    PlacedTable dsdt = new PlacedTable(other("DSDT", 0x100), FIRST - STEP);
    List<PlacedTable> listed = new ArrayList<>();
    for (String signature : signatures) {
      AcpiTable table = switch (signature) {
        case "APIC" -> madt();
        case "FACP" -> AcpiTable.of(AcpiTable.header(Fadt.LAYOUT, 6, IDENTITY).set(Fadt.Field.X_DSDT, dsdt.address()));
        default -> other(signature, 0x50);
      };
      listed.add(new PlacedTable(table, FIRST + listed.size() * STEP));
    }
    StructureBuilder xsdt = AcpiTable.header(Xsdt.LAYOUT, 1, IDENTITY);
    listed.forEach(each -> xsdt.add(StructureBuilder.of(Xsdt.ENTRY).set(Xsdt.Entry.ADDRESS, each.address())));
    PlacedTable rsdp = new PlacedTable(AcpiTable.of(StructureBuilder.of(Rsdp.LAYOUT).set(Rsdp.Field.SIGNATURE, Rsdp.SIGNATURE).set(
        Rsdp.Field.OEM_ID, "BOCHS ").set(Rsdp.Field.REVISION, 2).set(Rsdp.Field.XSDT_ADDRESS, XSDT)), RSDP);
    return new PvhHostTables(rsdp, new PlacedTable(AcpiTable.of(xsdt), XSDT), listed, List.of(dsdt));
  }
}
