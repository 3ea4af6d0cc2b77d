// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.build.arm.acpi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.xenolith.acpi.codec.AcpiTable;
import org.xenolith.acpi.codec.LinkedTables.PlacedTable;
import org.xenolith.acpi.codec.Madt;
import org.xenolith.acpi.codec.Rsdp;
import org.xenolith.acpi.codec.Structure;
import org.xenolith.acpi.codec.TableCheck;
import org.xenolith.acpi.codec.TableIdentity;
import org.xenolith.acpi.codec.Xsdt;
import org.xenolith.efi.kit.EfiMemoryMap;
import org.xenolith.efi.kit.EfiMemoryType;
import org.xenolith.efi.kit.EfiPlaces;
import org.xenolith.efi.kit.EfiSystemTable;
import org.xenolith.fdt.FdtWindow;
import org.xenolith.hyp.arm.api.VirtualGic.GicFacts;
import org.xenolith.hyp.arm.kit.EfiPages;
import org.xenolith.hyp.arm.kit.V2mFrame;
import org.xenolith.hyp.arm.kit.VcpuAffinity;

/**
 * Given the tables that real firmware left, our tables of the hardware domain are those that a real Xen 4.17 made of them, at the same
 * places. RSDP and XSDT can't be read from a running system, but Linux's log has their places, lengths and headers.
 *
 * <p>Two things differ on purpose. One: the RSDP's second checksum, over all of its 36 bytes, is right here; Xen leaves the first one summing
 * up over all of them.
 */
class GoldenDom0Test {
  static final long BASE = 0x7c2f_1000L;
  /** The grant table's room in Xen's log. */
  private static final FdtWindow ROOM = new FdtWindow(BASE, 0x4_0000);
  private static final GicFacts GICV2 = new GicFacts(2, 0x800_0000L, 0x1000, 0x801_0000L, 0x2000, 288);
  /** Of the domain's kernel log: where each table is, how long, by whom. */
  private static final String LOG = """
      RSDP 0x000000007C2F1248 000024 (v02 BOCHS )
      XSDT 0x000000007C2F11D8 00006C (v01 BOCHS  BXPC     00000001      01000013)
      FACP 0x000000007C2F1000 000114 (v06 BOCHS  BXPC     00000001 BXPC 00000001)
      DSDT 0x000000007C437518 00144C (v02 BOCHS  BXPC     00000001 BXPC 00000001)
      APIC 0x000000007C2F1118 000094 (v04 BOCHS  BXPC     00000001 BXPC 00000001)
      PPTT 0x000000007C43FD18 000060 (v02 BOCHS  BXPC     00000001 BXPC 00000001)
      GTDT 0x000000007C43D898 000060 (v02 BOCHS  BXPC     00000001 BXPC 00000001)
      MCFG 0x000000007C43FE18 00003C (v01 BOCHS  BXPC     00000001 BXPC 00000001)
      SPCR 0x000000007C43FF98 000050 (v02 BOCHS  BXPC     00000001 BXPC 00000001)
      DBG2 0x000000007C43E818 000057 (v00 BOCHS  BXPC     00000001 BXPC 00000001)
      IORT 0x000000007C43E898 000080 (v03 BOCHS  BXPC     00000001 BXPC 00000001)
      STAO 0x000000007C2F11B0 000025 (v01 BOCHS  BXPC     00000001 BXPC 00000001)
      """;
  private final HostTables host = GoldenHost.tables();
  private final Dom0Tables tables = made(host, TableVariants.UPSTREAM, 1);

  static Dom0Tables made(HostTables host, TableVariants variants, int vcpus) {
    return made(host, variants, vcpus, List.of());
  }

  private static Dom0Tables made(HostTables host, TableVariants variants, int vcpus, List<V2mFrame> frames) {
    return new Dom0Tables(host, variants, new Dom0Tables.Facts(GICV2, VcpuAffinity.of(vcpus), Optional.empty(), frames, 16, true, List.of(),
        BASE,
        ROOM));
  }

  private PlacedTable made(String signature) {
    return tables.made().stream().filter(each -> each.table().signature().equals(signature)).findFirst().orElseThrow();
  }

  @Test
  void tablesThatAreMadeAreThoseOfXenByteForByte() {
    for (String signature : List.of("FACP", "APIC", "STAO")) {
      assertArrayEquals(GoldenHost.bytes("dom0/" + signature), made(signature).table().bytes(), signature);
    }
  }

  /** The second thing that differs, unless strict-xen is asked for: a Dom0 that has a share of the machine's message frame is told of it. */
  @Test
  void aMessageFrameIsTheMachinesEntryWithTheInterruptsThatTheDomainHas() {
    Structure frame = host.demand("APIC").table().structure().all(Madt.MSI_FRAME).getFirst();
    byte[] entry = frame.bytes();
    for (int count : new int[] {64, 48}) {
      Dom0Tables with = made(host, TableVariants.UPSTREAM, 1, List.of(new V2mFrame(0x802_0000L, 80, count)));
      byte[] madt = with.made().stream().map(PlacedTable::table).filter(table -> table.signature().equals("APIC")).findFirst().orElseThrow()
          .bytes();
      byte[] xens = GoldenHost.bytes("dom0/APIC");
      entry[20] = (byte) count;
      assertArrayEquals(entry, Arrays.copyOfRange(madt, xens.length, madt.length));
      assertArrayEquals(Arrays.copyOfRange(xens, 10, xens.length), Arrays.copyOfRange(madt, 10, xens.length),
          "all but length and checksum");
    }
    assertEquals(64, frame.get(Madt.MsiFrame.SPI_COUNT), "all of the machine's");
  }

  @Test
  void allTablesStandWhereLinuxFoundThoseOfXen() {
    List<PlacedTable> seen = new ArrayList<>(List.of(made("RSDP"), made("XSDT")));
    List<PlacedTable> all = new ArrayList<>(tables.made());
    all.addAll(tables.mapped());
    PlacedTable dsdt = host.named().getFirst();
    for (Structure entry : made("XSDT").table().structure().all(Xsdt.ENTRY)) {
      seen.add(all.stream().filter(each -> each.address() == entry.get(Xsdt.Entry.ADDRESS)).findFirst().orElseThrow());
      if (seen.getLast().table().signature().equals("FACP")) {
        seen.add(dsdt);
      }
    }
    StringBuilder log = new StringBuilder();
    seen.forEach(each -> log.append(line(each)));
    assertEquals(LOG, log.toString());
    assertEquals(made("XSDT").address(), made("RSDP").table().structure().get(Rsdp.Field.XSDT_ADDRESS));
  }

  private static String line(PlacedTable placed) {
    AcpiTable table = placed.table();
    String at = "%s 0x%016X %06X".formatted(table.signature(), placed.address(), table.length());
    if (table.signature().equals("RSDP")) {
      return at + " (v%02d %-6s)%n".formatted(table.structure().get(Rsdp.Field.REVISION), table.structure().text(Rsdp.Field.OEM_ID));
    }
    TableIdentity by = TableIdentity.of(table.structure());
    return at + " (v%02d %-6s %-8s %08X %-4s %08X)%n".formatted(table.bytes()[8], by.oemId(), by.oemTableId(), by.oemRevision(),
        by.creatorId(), by.creatorRevision());
  }

  @Test
  void whatIsMappedIsTheMachinesOwn() {
    assertEquals(List.of("PPTT", "GTDT", "MCFG", "SPCR", "DBG2", "IORT", "DSDT"), tables.mapped().stream().map(each -> each.table()
        .signature()).toList());
    tables.mapped().forEach(each -> assertArrayEquals(GoldenHost.bytes("host/" + each.table().signature()), each.table().bytes()));
  }

  @Test
  void everyTableIsSound() {
    for (PlacedTable each : tables.made()) {
      assertTrue(each.table().checksumIsRight(), each.toString());
      assertEquals(List.of(), TableCheck.faults(each.table()), each.toString());
    }
  }

  /** Places as the domain's tree has them: {@code xen,uefi-system-table} and {@code xen,uefi-mmap-start}, {@code -size}. */
  @Test
  void systemTableAndMemoryMapFollowAsInXens() {
    EfiPages all = EfiPages.of(ROOM, new EfiPages.Contents(tables.bytes(), Map.of(EfiSystemTable.ACPI, tables.rsdp()),
        List.of(new FdtWindow(0x6000_0000L, 0x1800_0000L)),
        List.of(new EfiMemoryMap.Range(EfiMemoryType.ACPI_RECLAIM, GoldenHost.BASE, GoldenHost.SIZE, 0)), false));
    assertEquals(new EfiPlaces(0x7c2f_1270L, 0x7c2f_1308L, 0x78), all.places());
    assertEquals(4096, all.bytes().length);
    assertEquals(4096, all.readOnly());
    ByteBuffer bytes = ByteBuffer.wrap(all.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    assertEquals(2 << 16 | 50, bytes.getInt(0x270 + 8));
    assertEquals(152, bytes.getInt(0x270 + 12));
    assertEquals(0x7c2f_1248L, bytes.getLong(0x270 + 128 + 16));
    // As the kernel's early memory ranges have them: RAM, what was made, the firmware's.
    assertEquals(List.of("7 60000000 98304", "9 7c2f1000 1", "9 7c430000 16"), List.of(descriptor(bytes, 0), descriptor(bytes, 1),
        descriptor(bytes, 2)));
  }

  private static String descriptor(ByteBuffer bytes, int index) {
    int at = 0x308 + 40 * index;
    assertEquals(8, bytes.getLong(at + 32), "write-back");
    return bytes.getInt(at) + " " + Long.toHexString(bytes.getLong(at + 8)) + " " + bytes.getLong(at + 24);
  }
}
