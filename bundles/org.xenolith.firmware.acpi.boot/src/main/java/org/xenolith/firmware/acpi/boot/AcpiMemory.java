// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.acpi.boot;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.xenolith.acpi.codec.LinkedTables;
import org.xenolith.acpi.codec.TableIdentity;
import org.xenolith.acpi.codec.TableSet;
import org.xenolith.boot.api.BootException;
import org.xenolith.boot.api.DeviceTreeFacts;
import org.xenolith.boot.api.GuestMemory;
import org.xenolith.boot.api.MemoryRange;
import org.xenolith.efi.api.RuntimeMemory;
import org.xenolith.efi.api.RuntimeMemory.Range;
import org.xenolith.efi.kit.EfiMemoryMap;
import org.xenolith.efi.kit.EfiMemoryType;
import org.xenolith.efi.kit.EfiSystemTable;
import org.xenolith.efi.kit.MinimalTree;
import org.xenolith.efi.kit.RuntimeServicesCode;
import org.xenolith.efi.kit.RuntimeServicesTable;
import org.xenolith.efi.kit.VirtualAddressing;
import org.xenolith.fdt.Fdt;
import org.xenolith.launch.api.BoardDescription;

/**
 * What EFI firmware and the loader of a kernel leave in one piece of RAM: code and data of runtime services, if there are any, and behind
 * them ACPI tables and memory map, which the map calls ACPI reclaim memory: Linux wants each table wholly in one descriptor of such memory
 * (arch/arm64/kernel/acpi.c).
 */
final class AcpiMemory implements BoardDescription {
  /** A kernel with pages of 64 KiB maps nothing smaller (UEFI 2.10, 2.3.6). */
  private static final long ALIGNMENT = 64 << 10;
  /** Where there is room below 4 GiB, tables are there, as an operating system of 32 bits would want it. */
  private static final long LIMIT = 1L << 32;
  private static final int UEFI_2_10 = 2 << 16 | 100;
  /** There are no runtime services that a kernel could call. */
  private static final String WITHOUT_RUNTIME = "efi=noruntime";
  /** Word of Linux' command line: runtime services are called at their physical addresses. */
  private static final String NOT_MAPPED = "efi=novamap";
  /** Bytes for the small tables and what is aligned between them. */
  private static final int SMALL = 1024;

  private final LinkedTables tables;
  private final MemoryRange place;
  private final List<MemoryRange> kept;
  private final byte[] bytes;
  private final long systemTable;
  private final long mapAt;

  private AcpiMemory(LinkedTables tables, EfiMemoryMap map, MemoryRange place, List<MemoryRange> ram, List<MemoryRange> kept) {
    this.tables = tables;
    this.place = place;
    this.kept = kept;
    ram.forEach(bank -> map.ram(bank.base(), bank.size()));
    map.claim(EfiMemoryType.ACPI_RECLAIM, place.base(), place.size(), 0);
    kept.forEach(range -> map.claim(EfiMemoryType.RESERVED, range.base(), range.size(), 0));
    long properties = aligned(place.base() + tables.length());
    long memoryReservations = aligned(properties + NO_SERVICES.length);
    systemTable = aligned(memoryReservations + EfiSystemTable.LINUX_MEMRESERVE_SIZE);
    EfiSystemTable system = new EfiSystemTable(UEFI_2_10, "Xenolith", 1).configuration(EfiSystemTable.ACPI, tables.rsdp())
        .configuration(EfiSystemTable.RUNTIME_PROPERTIES, properties).configuration(EfiSystemTable.LINUX_MEMRESERVE, memoryReservations);
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
   * @param set  without RSDP and XSDT
   * @param ram  of the machine
   * @param kept RAM that software of the machine uses besides the kernel's: in whole pages, each range in one bank
   * @throws BootException if there is no room
   */
  static AcpiMemory of(TableSet set, TableIdentity identity, List<MemoryRange> ram, List<MemoryRange> kept) {
    int tables = LinkedTables.of(set.tables(), identity, 0).length();
    int descriptors = (ram.size() + 2 + 2 * kept.size()) * EfiMemoryMap.DESCRIPTOR_SIZE;
    long size = tables + EfiSystemTable.SIZE + descriptors + 1024 + ALIGNMENT - 1 & -ALIGNMENT;
    MemoryRange place = ram.stream().flatMap(bank -> room(bank, size, kept).stream()).findFirst().orElseThrow(() -> new BootException(
        "ACPI tables of " + size + " bytes find no room in RAM; give the machine more memory"));
    return new AcpiMemory(LinkedTables.of(set.tables(), identity, place.base()), new EfiMemoryMap(), place, ram, kept);
  }

  /** The highest room of a bank that nothing else is in. */
  private static Optional<MemoryRange> room(MemoryRange bank, long size, List<MemoryRange> kept) {
    List<Long> ends = new ArrayList<>(List.of(bank.base() < LIMIT ? Math.min(bank.end(), LIMIT) : bank.end()));
    kept.forEach(range -> ends.add(range.base()));
    return ends.stream().map(end -> new MemoryRange((end & -ALIGNMENT) - size, size))
        .filter(room -> bank.base() <= room.base() && room.end() <= bank.end()
            && kept.stream().noneMatch(range -> range.base() < room.end() && room.base() < range.end()))
        .max(Comparator.comparingLong(MemoryRange::base));
  }

  private static long aligned(long address) {
    return address + 15 & -16;
  }

  @Override
  public List<MemoryRange> reserved() {
    List<MemoryRange> all = new ArrayList<>(kept);
    all.add(place);
    return all;
  }

  @Override
  public Fdt load(GuestMemory memory, DeviceTreeFacts facts) {
    boolean mapped = !List.of(facts.bootArguments().split("\\s+")).contains(NOT_MAPPED);
    LoadedBytes bytes = new LoadedBytes(place.base(), (int) place.size());
    EfiMemoryMap map = map(mapped);
    long properties = aligned(place.base() + runtime.size() + tables.length());
    long kept = aligned(properties + RuntimeServicesTable.PROPERTIES_SIZE);
    long attributes = aligned(kept + EfiSystemTable.LINUX_MEMRESERVE_SIZE);
    long behind = aligned(attributes + map.attributes().length);
    EfiSystemTable system = new EfiSystemTable(UEFI_2_10, "Xenolith", 1).configuration(EfiSystemTable.ACPI, tables.rsdp())
        .configuration(EfiSystemTable.RUNTIME_PROPERTIES, properties).configuration(EfiSystemTable.LINUX_MEMRESERVE, kept);
    bytes.write(place.base() + runtime.size(), tables.bytes());
    bytes.write(properties, RuntimeServicesTable.properties(runtime.supported()));
    long mapAt = runtime.present() ? behind : aligned(behind + system.length());
    long systemTable = behind;
    if (runtime.present()) {
      bytes.write(attributes, map.attributes());
      system.configuration(EfiSystemTable.MEMORY_ATTRIBUTES, attributes);
      systemTable = services(bytes, system, mapped ? map : null);
    } else {
      bytes.write(systemTable, system.bytes(systemTable, EfiSystemTable.SIZE));
    }
    bytes.write(mapAt, map.bytes());
    memory.write(place.base(), bytes.bytes(), 0, bytes.bytes().length);
    String arguments = (facts.bootArguments() + (runtime.present() ? "" : " " + WITHOUT_RUNTIME)).strip();
    OptionalLong start = facts.initrd().stream().mapToLong(MemoryRange::base).findFirst();
    OptionalLong end = facts.initrd().stream().mapToLong(MemoryRange::end).findFirst();
    return new MinimalTree(arguments, start, end, systemTable, mapAt, map.length()).bare();
  }

  private EfiMemoryMap map(boolean mapped) {
    EfiMemoryMap map = new EfiMemoryMap();
    ram.forEach(bank -> map.ram(bank.base(), bank.size()));
    if (runtime.present()) {
      List<Range> ranges = RuntimePart.memory(place.base(), 0, 0, mapped).ranges();
      map.claim(EfiMemoryType.RUNTIME_SERVICES_CODE, ranges.getFirst().base(), ranges.getFirst().size(), ranges.getFirst().virtual());
      map.claim(EfiMemoryType.RUNTIME_SERVICES_DATA, ranges.getLast().base(), ranges.getLast().size(), ranges.getLast().virtual());
    }
    return map.claim(EfiMemoryType.ACPI_RECLAIM, place.base() + runtime.size(), place.size() - runtime.size(), 0);
  }

  /**
   * Code and tables of the runtime services, and what a kernel's loader then does: it maps them.
   *
   * @param map null: it doesn't
   * @return where the system table is
   */
  private long services(LoadedBytes bytes, EfiSystemTable system, EfiMemoryMap map) {
    RuntimeMemory placed = RuntimePart.memory(place.base(), 0, (int) aligned(system.length()), false);
    bytes.write(place.base(), RuntimeServicesCode.bytes());
    bytes.write(placed.systemTable(), system.runtimeServices(placed.runtimeServices()).bytes(placed.systemTable(), EfiSystemTable.SIZE));
    bytes.write(placed.runtimeServices(), RuntimeServicesTable.bytes(UEFI_2_10, place.base()));
    if (map != null) {
      RuntimeMemory now = VirtualAddressing.map(placed, map.bytes(), EfiMemoryMap.DESCRIPTOR_SIZE).memory();
      VirtualAddressing.rebase(bytes, placed, now);
      placed = now;
    }
    runtime.placed().accept(placed);
    return placed.systemTable();
  }

  /** The tables where they are. */
  LinkedTables tables() {
    return tables;
  }
}
