// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.build.pvh.dom0;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.acpi.codec.AcpiException;
import org.xenolith.acpi.codec.AcpiTable;
import org.xenolith.acpi.codec.LinkedTables.PlacedTable;
import org.xenolith.acpi.codec.Rsdp;
import org.xenolith.acpi.codec.Structure;
import org.xenolith.acpi.codec.Xsdt;

/** What the hardware domain is told by ACPI, beside what Xen 4.17 tells its own. */
class PvhDom0TablesTest {
  /** Where 600 MiB end. */
  private static final long END = 0x2586_1000L;

  private static AcpiTable made(PvhDom0Tables tables, String signature) {
    return tables.made().stream().map(PlacedTable::table).filter(table -> table.signature().equals(signature)).findFirst().orElseThrow();
  }

  /** Byte for byte. */
  @Test
  void theMadtIsThatOfXens() {
    PvhDom0Tables tables = PvhDom0Tables.of(PcFirmware.tables("FACP", "APIC", "HPET", "MCFG"), 1, END);
    assertEquals(HexFormat.of().formatHex(PcFirmware.golden("APIC")), HexFormat.of().formatHex(made(tables, "APIC").bytes()));
  }

  @Test
  void everyVirtualCpuIsInTheMadt() {
    byte[] madt = made(PvhDom0Tables.of(PcFirmware.tables("FACP", "APIC"), 3, END), "APIC").bytes();
    assertEquals(122 + 2 * 16, madt.length);
    ByteBuffer words = ByteBuffer.wrap(madt).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < 3; i++) {
      int at = 44 + 12 + 16 * i;
      assertEquals(0x1009, words.getInt(at));
      assertEquals(2 * i, words.getInt(at + 4), "id");
      assertEquals(1, words.getInt(at + 8), "enabled");
      assertEquals(i, words.getInt(at + 12), "processor");
    }
  }

  @Test
  void tablesOfWhatTheHypervisorUsesArePassedOver() {
    PvhHostTables host = PcFirmware.tables("FACP", "SSDT", "APIC", "HPET", "MCFG", "WAET", "DMAR", "SPCR", "SRAT", "OEM1", "TPM2",
        "BGRT", "SSDT");
    PvhDom0Tables tables = PvhDom0Tables.of(host, 1, END);
    List<Long> entries = made(tables, "XSDT").structure().all(Xsdt.ENTRY).stream().map(each -> each.get(Xsdt.Entry.ADDRESS)).toList();
    PlacedTable madt = tables.made().stream().filter(each -> each.table().signature().equals("APIC")).findFirst().orElseThrow();
    assertEquals(madt.address(), entries.getFirst());
    List<String> passed = entries.stream().skip(1).map(address -> host.tables().stream().filter(each -> each.address() == address)
        .findFirst().orElseThrow().table().signature()).toList();
    assertEquals(List.of("FACP", "SSDT", "MCFG", "OEM1", "TPM2", "SSDT"), passed);
  }

  @Test
  void allSumUpAndLeadToOneAnother() {
    PvhDom0Tables tables = PvhDom0Tables.of(PcFirmware.tables("FACP", "APIC", "MCFG"), 2, END);
    byte[] bytes = tables.bytes();
    assertEquals(tables.length(), bytes.length);
    assertEquals(END - bytes.length, tables.rsdp());
    AcpiTable rsdp = AcpiTable.read(Arrays.copyOf(bytes, Rsdp.LAYOUT.size()));
    assertTrue(rsdp.checksumIsRight());
    long root = rsdp.structure().get(Rsdp.Field.XSDT_ADDRESS);
    assertEquals("BOCHS", new String(bytes, 9, 5, StandardCharsets.US_ASCII));
    AcpiTable xsdt = at(tables, root);
    assertEquals("XSDT", xsdt.signature());
    assertTrue(xsdt.checksumIsRight());
    Structure first = xsdt.structure().all(Xsdt.ENTRY).getFirst();
    AcpiTable madt = at(tables, first.get(Xsdt.Entry.ADDRESS));
    assertEquals("APIC", madt.signature());
    assertTrue(madt.checksumIsRight());
    assertArrayEquals(made(tables, "APIC").bytes(), madt.bytes());
  }

  private static AcpiTable at(PvhDom0Tables tables, long address) {
    byte[] bytes = tables.bytes();
    int from = (int) (address - tables.rsdp());
    int length = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(from + 4);
    return AcpiTable.read(Arrays.copyOfRange(bytes, from, from + length));
  }

  /** The addresses are of the log of Dom0 of Debian's Xen 4.17.7 on QEMU's q35 with 600 MiB. */
  @Test
  void theyAreWhereXenHasThem() {
    PvhDom0Tables tables = PvhDom0Tables.of(PcFirmware.tables("FACP", "APIC", "HPET", "MCFG"), 1, END);
    assertEquals(List.of("RSDP 0x25860f26", "XSDT 0x25860f4a", "APIC 0x25860f86"), tables.made().stream().map(each -> "%s 0x%x"
        .formatted(each.table().signature(), each.address())).toList());
  }

  @Test
  void withoutAMadtThereIsNoDomain() {
    assertTrue(assertThrows(AcpiException.class, () -> PvhDom0Tables.of(PcFirmware.tables("FACP"), 1, END)).getMessage().contains("APIC"));
  }
}
