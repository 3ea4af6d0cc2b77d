// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.acpi.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
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
    return AcpiMemory.of(set, MAKER, new FreeRam(banks, kept, above), RuntimePart.NONE);
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
