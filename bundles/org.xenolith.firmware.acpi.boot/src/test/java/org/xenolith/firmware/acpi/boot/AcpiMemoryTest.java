// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.acpi.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
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

  @Test
  void allIsFoundFromTheTree() {
    AcpiMemory acpi = AcpiMemory.of(set, MAKER, List.of(RAM), 0);
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
  void roomIsLeftForWhoTakesTheEndOfRam() {
    MemoryRange place = AcpiMemory.of(set, MAKER, List.of(RAM), 2 << 20).reserved().getFirst();
    assertEquals(RAM.end() - (2 << 20), place.end());
    MemoryRange small = new MemoryRange(0x4000_0000L, 1 << 20);
    assertEquals(small.end(), AcpiMemory.of(set, MAKER, List.of(small), 2 << 20).reserved().getFirst().end(), "if there is so much");
  }

  @Test
  void ramAboveFourGibibytesIsNoPlace() {
    BootException e = assertThrows(BootException.class, () -> AcpiMemory.of(set, MAKER, List.of(new MemoryRange(1L << 33, 1 << 30)), 0));
    assertTrue(e.getMessage().contains("give the machine more memory"), e.getMessage());
  }
}
