// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.efi.boot;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.xenolith.acpi.codec.Madt;
import org.xenolith.acpi.codec.AcpiTable;
import org.xenolith.acpi.codec.TableSet;
import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.kit.EfiSystemTable;
import org.xenolith.efi.boot.api.BootService;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.fdt.FdtReader;
import org.xenolith.firmware.api.AcpiDescriber;

/** What an operating system is described the machine by: tables that were left in memory, or the tree. */
class HandedTablesTest {
  private static final EfiGuid ACPI = EfiGuid.of(EfiSystemTable.ACPI);
  private static final long TABLES = Stand.RAM + 0x8_0000;
  private static final int ACPI_RECLAIM = 9;

  private final Stand stand = new Stand();
  private final BoardTables tables = new BoardTables(new TableSet(List.of(AcpiTable.of(AcpiTable.header(Madt.LAYOUT, 3,
      AcpiDescriber.BOARD)))), AcpiDescriber.BOARD);
  private final byte[] bytes = tables.at(TABLES);

  /** Configuration tables by their GUIDs. */
  private Map<EfiGuid, Long> handedOn() {
    Map<EfiGuid, Long> found = new HashMap<>();
    long at = stand.memory.get64(stand.system() + 112);
    for (long i = 0; i < stand.memory.get64(stand.system() + 104); i++) {
      found.put(stand.memory.guid(at + 24 * i), stand.memory.get64(at + 24 * i + 16));
    }
    found.remove(SmbiosTables.TABLE); // in any case
    return found;
  }

  private static FdtNode chosen(FdtNode module) {
    return new FdtNode("chosen", List.of(), List.of()).withProperty(FdtProperty.ofCells("#address-cells", 2)).withProperty(FdtProperty
        .ofCells("#size-cells", 2)).withChild(module);
  }

  private Map<EfiGuid, Long> entered(FdtNode... nodes) {
    stand.tree(nodes);
    stand.memory.write(TABLES, bytes);
    stand.enter();
    return handedOn();
  }

  /** Kind of the memory at an address, as the map says. */
  private int kind(long address) {
    long size = stand.room(8);
    long key = stand.room(8);
    stand.memory.put64(size, 8192);
    long map = stand.room(8192);
    assertEquals(0, stand.boot(BootService.GET_MEMORY_MAP, size, map, key, 0, 0));
    ByteBuffer in = ByteBuffer.wrap(stand.memory.read(map, (int) stand.memory.get64(size))).order(ByteOrder.LITTLE_ENDIAN);
    for (int at = 0; at < in.capacity(); at += 48) {
      if (address >= in.getLong(at + 8) && address < in.getLong(at + 8) + in.getLong(at + 24) * 4096) {
        return in.getInt(at);
      }
    }
    return -1;
  }

  @Test
  void tablesAreHandedOnAndTheTreeIsNot() {
    assertEquals(Map.of(ACPI, TABLES), entered(chosen(tables.node(TABLES))));
    assertArrayEquals(bytes, stand.memory.read(TABLES, bytes.length));
    assertEquals(ACPI_RECLAIM, kind(TABLES));
    assertEquals(ACPI_RECLAIM, kind(TABLES + bytes.length - 1));
    assertEquals(List.of(), stand.context.reportedEvents());
  }

  @Test
  void guestsOfAHypervisorAreToldOfItAndOfNothingElse() {
    Map<EfiGuid, Long> found = entered(chosen(tables.node(TABLES)), new FdtNode("hypervisor", List.of(FdtProperty.ofStrings("compatible",
        "xen,xen-4.17", "xen,xen"), FdtProperty.ofU64("reg", 0, 0)), List.of()));
    assertEquals(TABLES, found.get(ACPI));
    long at = found.get(BootFirmware.DEVICE_TREE_TABLE);
    assertEquals(ACPI_RECLAIM, kind(at));
    Fdt rest = FdtReader.read(stand.memory.read(at, 1024));
    assertEquals(List.of("hypervisor"), rest.root().children().stream().map(FdtNode::name).toList());
    assertEquals(List.of("compatible"), rest.node("/hypervisor").orElseThrow().properties().stream().map(FdtProperty::name).toList());
  }

  @Test
  void withoutTablesTheTreeIsHandedOn() {
    assertEquals(Map.of(BootFirmware.DEVICE_TREE_TABLE, Stand.TREE), entered());
  }

  /** What isn't tables is told of, and the machine boots by its tree. */
  @Test
  void nonsenseInTheirPlaceIsToldOf() {
    FdtNode module = tables.node(TABLES);
    for (FdtNode wrong : List.of(module.withoutProperty("reg"), module.withProperty(FdtProperty.ofCells("reg", 1, 2, 3)), module
        .withProperty(new FdtProperty("reg", new byte[5])), module.withProperty(FdtProperty.ofU64("reg", TABLES, 35)), module.withProperty(
            FdtProperty.ofU64("reg", TABLES, -1)), module.withProperty(FdtProperty.ofU64("reg", -1, 4096)), module.withProperty(
                FdtProperty.ofU64("reg", 0x10, 4096)), module.withProperty(FdtProperty.ofU64("reg", TABLES + 1, 4096)))) {
      assertFalse(entered(chosen(wrong)).containsKey(ACPI), wrong::toString);
      assertTrue(stand.context.reportedEvents().getLast().text().contains("the device tree is handed on"), () -> stand.context
          .reportedEvents().toString());
    }
    int told = stand.context.reportedEvents().size();
    assertFalse(entered(chosen(module.withProperty(new FdtProperty("compatible", new byte[] {1, 2})))).containsKey(ACPI));
    assertEquals(told, stand.context.reportedEvents().size(), "that isn't tables' name");
    bytes[33]++;
    assertFalse(entered(chosen(module)).containsKey(ACPI), "a checksum");
  }
}
