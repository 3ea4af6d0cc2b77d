// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.acpi.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.xenolith.acpi.codec.AcpiTable;
import org.xenolith.acpi.codec.Definition;
import org.xenolith.acpi.codec.Fadt;
import org.xenolith.acpi.codec.TableIdentity;
import org.xenolith.acpi.codec.TableSet;
import org.xenolith.acpi.codec.aml.Aml;
import org.xenolith.boot.api.BootException;
import org.xenolith.boot.api.DeviceTreeFacts;
import org.xenolith.boot.api.MemoryRange;
import org.xenolith.efi.api.FirmwareDescription;
import org.xenolith.efi.api.FirmwareMemory;
import org.xenolith.efi.api.RuntimeMemory;
import org.xenolith.efi.api.RuntimeMemory.Range;
import org.xenolith.efi.kit.RuntimeFunction;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtBuilder;
import org.xenolith.platform.api.Platform;
import org.xenolith.testkit.FakeNode;

/** Where a kernel looks, there is what it looks for. */
class AcpiMemoryTest {
  private static final TableIdentity MAKER = new TableIdentity("ACME", "BOARD", 1, "ACME", 1);
  private static final MemoryRange RAM = new MemoryRange(0x4000_0000L, 0x1000_0000L);
  private final TableSet set = new TableSet(List.of(AcpiTable.of(AcpiTable.header(Fadt.LAYOUT, 6, MAKER)),
      Aml.table(Definition.DSDT, 2, MAKER, List.of())));
  private final byte[] memory = new byte[(int) RAM.size()];

  private long number(long address, int size) {
    ByteBuffer bytes = ByteBuffer.wrap(memory).order(ByteOrder.LITTLE_ENDIAN);
    int at = (int) (address - RAM.base());
    return size == 4 ? bytes.getInt(at) & 0xffff_ffffL : bytes.getLong(at);
  }

  private AcpiMemory placed(List<MemoryRange> banks, List<MemoryRange> kept, long above) {
    return AcpiMemory.of(set, MAKER, new FreeRam(banks, kept, above), RuntimePart.NONE, true);
  }

  @Test
  void allIsFoundFromTheTree() {
    AcpiMemory acpi = placed(List.of(RAM), List.of(), 0);
    Fdt tree = acpi.load((at, bytes, from, count) -> System.arraycopy(bytes, from, memory, (int) (at - RAM.base()), count),
        new DeviceTreeFacts("quiet", Optional.of(new MemoryRange(0x4800_0000L, 0x1000)), List.of(RAM)));
    assertEquals("quiet efi=noruntime", tree.node("/chosen").orElseThrow().property("bootargs").orElseThrow().string());
    long system = tree.node("/chosen").orElseThrow().property("linux,uefi-system-table").orElseThrow().number();
    assertEquals(0x5453595320494249L, number(system, 8));
    assertEquals(3, number(system + 104, 8));
    assertEquals(acpi.tables().rsdp(), number(number(system + 112, 8) + 16, 8));
    long map = tree.node("/chosen").orElseThrow().property("linux,uefi-mmap-start").orElseThrow().number();
    assertEquals(2 * 40, tree.node("/chosen").orElseThrow().property("linux,uefi-mmap-size").orElseThrow().number());
    assertEquals(7, number(map, 4));
    assertEquals(9, number(map + 40, 4));
    MemoryRange place = acpi.reserved().getFirst();
    assertEquals(place.base(), number(map + 40 + 8, 8));
    assertEquals(place.size(), number(map + 40 + 24, 8) * 4096);
    assertTrue(place.base() % 0x10000 == 0 && place.base() + place.size() == RAM.base() + RAM.size());
  }

  private final List<RuntimeMemory> placed = new ArrayList<>();
  private final List<FirmwareDescription> described = new ArrayList<>();

  private Fdt withServices(String arguments) {
    return withServices(arguments, true);
  }

  private Fdt withServices(String arguments, boolean loaderMaps) {
    return AcpiMemory.of(set, MAKER, new FreeRam(List.of(RAM), List.of(), 0), new RuntimePart(EnumSet.of(RuntimeFunction.GET_TIME,
        RuntimeFunction.RESET_SYSTEM), placed::add, described::add), loaderMaps).load((at, bytes, from, count) -> System.arraycopy(bytes,
            from, memory,
            (int) (at - RAM.base()), count), new DeviceTreeFacts(arguments, Optional.empty(), List.of(RAM)));
  }

  private static long chosen(Fdt tree, String property) {
    return tree.node("/chosen").orElseThrow().property(property).orElseThrow().number();
  }

  /** As Linux' loader leaves it: mapped from 512 MiB on, by the map and in the tables; and the physical place is whole 64 KiB. */
  @Test
  void runtimeServicesAreThereAndMapped() {
    Fdt tree = withServices("quiet");
    assertEquals("quiet", tree.node("/chosen").orElseThrow().property("bootargs").orElseThrow().string());
    long map = chosen(tree, "linux,uefi-mmap-start");
    assertEquals(4 * 40, chosen(tree, "linux,uefi-mmap-size"));
    assertEquals(List.of(7L, 5L, 6L, 9L), IntStream.range(0, 4).mapToObj(i -> number(map + 40 * i, 4)).toList());
    long code = number(map + 40 + 8, 8);
    long data = number(map + 80 + 8, 8);
    assertEquals(0, code % 0x10000);
    assertEquals(code + 0x10000, data);
    for (int i = 1; i <= 2; i++) {
      assertEquals(0x2000_0000L + (i - 1) * 0x10000, number(map + 40 * i + 16, 8));
      assertEquals(16, number(map + 40 * i + 24, 8));
      assertEquals(0x8000_0000_0000_0008L, number(map + 40 * i + 32, 8));
    }
    assertEquals(new RuntimeMemory(data, placed.getFirst().runtimeServices(), List.of(new Range(code, 0x10000, 0x2000_0000L),
        new Range(data, 0x10000, 0x2001_0000L)), true), placed.getFirst());
    long system = chosen(tree, "linux,uefi-system-table");
    assertEquals(data, system, "the system table is in memory of runtime services");
    checkTables(data - 0x2001_0000L);
    assertEquals(code, placed.getFirst().ranges().getFirst().base());
  }

  /** Pointers in the tables lead to what they should, less what memory has been moved by. */
  private void checkTables(long moved) {
    RuntimeMemory where = placed.getLast();
    long system = where.systemTable();
    assertEquals(0x5453595320494249L, number(system, 8));
    assertEquals(where.runtimeServices(), number(system + 88, 8) + moved);
    assertEquals(0x5652_4553_544E_5552L, number(where.runtimeServices(), 8));
    for (int i = 0; i < 14; i++) {
      long function = number(where.runtimeServices() + 24 + 8 * i, 8) + moved;
      assertEquals(where.ranges().getFirst().base() + 64 * i, function);
      assertEquals(0xD503_245FL, number(function, 4));
    }
    for (long[] table : new long[][] {{system, 120}, {where.runtimeServices(), 136}}) {
      byte[] bytes = Arrays.copyOfRange(memory, (int) (table[0] - RAM.base()), (int) (table[0] - RAM.base() + table[1]));
      ByteBuffer.wrap(bytes).putInt(16, 0);
      CRC32 crc = new CRC32();
      crc.update(bytes);
      assertEquals(crc.getValue(), number(table[0] + 16, 4));
    }
    long tables = number(system + 112, 8) + moved;
    assertEquals(4, number(system + 104, 8));
    assertEquals(0x0401_0000_0000L | 8 << 16 | 1, number(number(tables + 24 + 16, 8), 8), "GetTime and ResetSystem");
    assertEquals(2, number(number(tables + 72 + 16, 8) + 4, 4), "rights of code and data");
    FirmwareDescription told = described.getLast();
    assertEquals(new FirmwareDescription(2 << 16 | 100, 2 << 16 | 100, "Xenolith", 1, tables, 4, told.memory()), told);
    assertEquals(List.of(7, 5, 6, 9), told.memory().stream().map(FirmwareMemory::type).toList());
    assertEquals(16, told.memory().get(1).pages());
  }

  @Test
  void whoAsksForNoMapHasPhysicalAddresses() {
    withServices("quiet efi=novamap");
    assertFalse(placed.getFirst().mapped());
    placed.getFirst().ranges().forEach(range -> assertEquals(range.base(), range.virtual()));
    checkTables(0);
  }

  @Test
  void aHypervisorFindsThemAtTheirPhysicalAddresses() {
    withServices("", false);
    assertFalse(placed.getFirst().mapped());
    checkTables(0);
  }

  @Test
  void ramThatOthersUseIsKeptFromTheKernelAndFromTheTables() {
    MemoryRange first = new MemoryRange(RAM.base() + 0x1000, 0x2000);
    MemoryRange last = new MemoryRange(RAM.end() - 0x8000, 0x8000);
    AcpiMemory acpi = placed(List.of(RAM), List.of(first, last), 0);
    MemoryRange place = acpi.reserved().getLast();
    assertEquals(List.of(first, last, place), acpi.reserved());
    assertEquals(RAM.end() - 0x1_0000, place.end());
    Fdt tree = acpi.load((at, bytes, from, count) -> System.arraycopy(bytes, from, memory, (int) (at - RAM.base()), count),
        new DeviceTreeFacts("", Optional.empty(), List.of(RAM)));
    long map = tree.node("/chosen").orElseThrow().property("linux,uefi-mmap-start").orElseThrow().number();
    assertEquals(6 * 40, tree.node("/chosen").orElseThrow().property("linux,uefi-mmap-size").orElseThrow().number());
    List<String> seen = IntStream.range(0, 6).mapToObj(i -> number(map + 40 * i, 4) + " "
        + Long.toHexString(number(map + 40 * i + 8, 8))).toList();
    assertEquals(List.of("7 40000000", "0 40001000", "7 40003000", "9 " + Long.toHexString(place.base()), "7 4fff0000", "0 4fff8000"),
        seen);
  }

  @Test
  void roomIsLeftForWhoTakesTheEndOfRam() {
    MemoryRange place = placed(List.of(RAM), List.of(), 2 << 20).reserved().getFirst();
    assertEquals(RAM.end() - (2 << 20), place.end());
    MemoryRange small = new MemoryRange(0x4000_0000L, 1 << 20);
    assertEquals(small.end(), placed(List.of(small), List.of(), 2 << 20).reserved().getFirst().end(), "if there is so much");
  }

  /** Mustang's is all there (Debian's kernel 6.1.192, apm-mustang.dtb). */
  @Test
  void ramAboveFourGibibytesIsAPlaceWhereThereIsNoOther() {
    MemoryRange high = new MemoryRange(1L << 32, 1 << 30);
    assertEquals(high.end(), placed(List.of(high), List.of(), 0).reserved().getLast().end());
    MemoryRange across = new MemoryRange(1L << 31, 1L << 32);
    assertEquals(1L << 32, placed(List.of(across), List.of(), 0).reserved().getLast().end());
  }

  @Test
  void withoutRoomThereAreNoTables() {
    BootException e = assertThrows(BootException.class, () -> placed(List.of(RAM), List.of(RAM), 0));
    assertTrue(e.getMessage().contains("give the machine more memory"), e.getMessage());
  }

  @Test
  void reservationsOfATreeAreWholePagesAsFarAsTheyAreRam() {
    FakeNode outside = FakeNode.at("/reserved-memory/a@0").window(0x1000, 0x1000);
    FakeNode across = FakeNode.at("/reserved-memory/b@3ffff000").window(0x3fff_f000L, 0x1801);
    FakeNode overlapping = FakeNode.at("/reserved-memory/c@40000800").window(0x4000_0800L, 0x1000).window(0x4800_0000L, 1);
    FakeNode reusable = FakeNode.at("/reserved-memory/d@41000000").window(0x4100_0000L, 0x1000).flag("reusable");
    FakeNode sized = FakeNode.at("/reserved-memory/e").cells("size", 0x1000);
    Platform platform = new Platform("sample", Fdt.of(FdtBuilder.root().build()), List.of(outside.build(), overlapping.build(), across
        .build(), reusable.build(), sized.build()), Platform.Timing.STANDARD);
    assertEquals(List.of(new MemoryRange(0x4000_0000L, 0x2000), new MemoryRange(0x4800_0000L, 0x1000)),
        ReservedMemory.of(platform, List.of(RAM)));
  }
}
