// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.acpi.boot;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.OptionalLong;
import org.xenolith.acpi.codec.LinkedTables;
import org.xenolith.acpi.codec.TableIdentity;
import org.xenolith.acpi.codec.TableSet;
import org.xenolith.boot.api.BootException;
import org.xenolith.boot.api.DeviceTreeFacts;
import org.xenolith.boot.api.GuestMemory;
import org.xenolith.boot.api.MemoryRange;
import org.xenolith.efi.kit.EfiMemoryMap;
import org.xenolith.efi.kit.EfiMemoryType;
import org.xenolith.efi.kit.EfiSystemTable;
import org.xenolith.efi.kit.MinimalTree;
import org.xenolith.fdt.Fdt;
import org.xenolith.launch.api.BoardDescription;

/**
 * Tables, EFI system table and memory map in one piece of RAM, which the map calls ACPI reclaim memory: Linux wants each table wholly in
 * one descriptor of such memory (arch/arm64/kernel/acpi.c).
 */
final class AcpiMemory implements BoardDescription {
  /** A kernel with pages of 64 KiB maps nothing smaller (UEFI 2.10, 2.3.6). */
  private static final long ALIGNMENT = 64 << 10;
  private static final long LIMIT = 1L << 32;
  private static final int UEFI_2_10 = 2 << 16 | 100;
  /** Version 1, 8 bytes, and no service that is supported (UEFI 2.10, 4.6.2). */
  private static final byte[] NO_SERVICES = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putShort((short) 1).putShort((short) 8)
      .array();
  /** There are no runtime services that a kernel could call. */
  private static final String WITHOUT_RUNTIME = "efi=noruntime";

  private final LinkedTables tables;
  private final EfiMemoryMap map;
  private final MemoryRange place;
  private final byte[] bytes;
  private final long systemTable;
  private final long mapAt;

  private AcpiMemory(LinkedTables tables, EfiMemoryMap map, MemoryRange place, List<MemoryRange> ram) {
    this.tables = tables;
    this.map = map;
    this.place = place;
    ram.forEach(bank -> map.ram(bank.base(), bank.size()));
    map.claim(EfiMemoryType.ACPI_RECLAIM, place.base(), place.size(), 0);
    long properties = aligned(place.base() + tables.length());
    long kept = aligned(properties + NO_SERVICES.length);
    systemTable = aligned(kept + EfiSystemTable.LINUX_MEMRESERVE_SIZE);
    EfiSystemTable system = new EfiSystemTable(UEFI_2_10, "Xenolith", 1).configuration(EfiSystemTable.ACPI, tables.rsdp())
        .configuration(EfiSystemTable.RUNTIME_PROPERTIES, properties).configuration(EfiSystemTable.LINUX_MEMRESERVE, kept);
    mapAt = aligned(systemTable + system.length());
    ByteBuffer all = ByteBuffer.allocate((int) (mapAt - place.base()) + map.length());
    all.put(tables.bytes());
    all.position((int) (properties - place.base())).put(NO_SERVICES);
    all.position((int) (systemTable - place.base())).put(system.bytes(systemTable, EfiSystemTable.SIZE));
    all.position((int) (mapAt - place.base())).put(map.bytes());
    bytes = all.array();
  }

  /**
   * Places a machine's tables.
   *
   * @param set without RSDP and XSDT
   * @param ram of the machine
   * @throws BootException if there is no room below 4 GiB
   */
  static AcpiMemory of(TableSet set, TableIdentity identity, List<MemoryRange> ram) {
    int tables = LinkedTables.of(set.tables(), identity, 0).length();
    int descriptors = (ram.size() + 2) * EfiMemoryMap.DESCRIPTOR_SIZE;
    long size = tables + EfiSystemTable.SIZE + descriptors + 1024 + ALIGNMENT - 1 & -ALIGNMENT;
    MemoryRange place = ram.stream().filter(bank -> bank.base() < LIMIT).map(bank -> new MemoryRange((Math.min(bank.base() + bank.size(),
        LIMIT)
        & -ALIGNMENT) - size, size)).filter(room -> ram.stream().anyMatch(bank -> bank.base() <= room.base())).findFirst().orElseThrow(
            () -> new BootException("ACPI tables of " + size + " bytes find no room in RAM below 4 GiB; give the machine more memory"));
    return new AcpiMemory(LinkedTables.of(set.tables(), identity, place.base()), new EfiMemoryMap(), place, ram);
  }

  private static long aligned(long address) {
    return address + 15 & -16;
  }

  @Override
  public List<MemoryRange> reserved() {
    return List.of(place);
  }

  @Override
  public Fdt load(GuestMemory memory, DeviceTreeFacts facts) {
    memory.write(place.base(), bytes, 0, bytes.length);
    String arguments = (facts.bootArguments() + " " + WITHOUT_RUNTIME).strip();
    OptionalLong start = facts.initrd().stream().mapToLong(MemoryRange::base).findFirst();
    OptionalLong end = facts.initrd().stream().mapToLong(MemoryRange::end).findFirst();
    return new MinimalTree(arguments, start, end, systemTable, mapAt, map.length()).bare();
  }

  /** The tables where they are. */
  LinkedTables tables() {
    return tables;
  }
}
