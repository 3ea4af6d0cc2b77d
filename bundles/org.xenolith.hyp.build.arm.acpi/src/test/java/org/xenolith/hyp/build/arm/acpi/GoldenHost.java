// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.build.arm.acpi;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.xenolith.acpi.codec.AcpiTable;
import org.xenolith.acpi.codec.Fadt;
import org.xenolith.acpi.codec.LinkedTables.PlacedTable;
import org.xenolith.acpi.codec.Rsdp;
import org.xenolith.acpi.codec.StructureBuilder;
import org.xenolith.acpi.codec.TableHeader;
import org.xenolith.acpi.codec.TableIdentity;
import org.xenolith.acpi.codec.Xsdt;

/** The tables that EDK2 left on QEMU's virt, at the addresses that Linux's log gives for them. */
final class GoldenHost {
  /** Where the firmware had its tables on a machine of 1 GiB; on one of 512 MiB all are half a gibibyte lower. */
  static final long BASE = 0x7c43_0000L;
  static final long SIZE = 0x1_0000;

  private GoldenHost() {}

  static AcpiTable table(String file) {
    return AcpiTable.read(bytes(file));
  }

  static byte[] bytes(String file) {
    try (InputStream in = GoldenHost.class.getResourceAsStream(file + ".dat")) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** As on the machine of 1 GiB. */
  static HostTables tables() {
    return tables(BASE);
  }

  /** The same with all of them elsewhere. */
  static HostTables tables(long base) {
    return tables(base, table("host/DSDT"));
  }

  /** The same with another namespace. */
  static HostTables tables(long base, AcpiTable namespace) {
    PlacedTable dsdt = new PlacedTable(namespace, base + 0x7518);
    List<PlacedTable> listed = new ArrayList<>();
    listed.add(new PlacedTable(AcpiTable.of(StructureBuilder.of(table("host/FACP").structure()).set(Fadt.Field.DSDT, dsdt.address())
        .set(Fadt.Field.X_DSDT, dsdt.address())), base + 0xfa98));
    listed.add(new PlacedTable(table("host/APIC"), base + 0xfc18));
    listed.add(new PlacedTable(table("host/PPTT"), base + 0xfd18));
    listed.add(new PlacedTable(table("host/GTDT"), base + 0xd898));
    listed.add(new PlacedTable(table("host/MCFG"), base + 0xfe18));
    listed.add(new PlacedTable(table("host/SPCR"), base + 0xff98));
    listed.add(new PlacedTable(table("host/DBG2"), base + 0xe818));
    listed.add(new PlacedTable(table("host/IORT"), base + 0xe898));
    StructureBuilder xsdt = AcpiTable.header(Xsdt.LAYOUT, 1, new TableIdentity("BOCHS", "BXPC", 1, "", 0x0100_0013));
    listed.forEach(each -> xsdt.add(StructureBuilder.of(Xsdt.ENTRY).set(Xsdt.Entry.ADDRESS, each.address())));
    PlacedTable list = new PlacedTable(AcpiTable.of(xsdt.set(TableHeader.REVISION, 1)), base + 0xfe98);
    PlacedTable rsdp = new PlacedTable(AcpiTable.of(StructureBuilder.of(Rsdp.LAYOUT).set(Rsdp.Field.SIGNATURE, Rsdp.SIGNATURE)
        .set(Rsdp.Field.OEM_ID, "BOCHS ").set(Rsdp.Field.REVISION, 2).set(Rsdp.Field.XSDT_ADDRESS, list.address())), base + 0x18);
    return new HostTables(rsdp, list, listed, List.of(dsdt));
  }
}
