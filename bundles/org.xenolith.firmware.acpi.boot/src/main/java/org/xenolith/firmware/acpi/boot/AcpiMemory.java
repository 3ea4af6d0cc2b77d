// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.acpi.boot;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.xenolith.acpi.codec.LinkedTables;
import org.xenolith.acpi.codec.TableIdentity;
import org.xenolith.acpi.codec.TableSet;
import org.xenolith.boot.api.BootException;
import org.xenolith.boot.api.DeviceTreeFacts;
import org.xenolith.boot.api.GuestMemory;
import org.xenolith.boot.api.MemoryRange;
import org.xenolith.efi.api.FirmwareDescription;
import org.xenolith.efi.api.FirmwareMemory;
import org.xenolith.efi.kit.EfiMemoryMap;
import org.xenolith.efi.kit.EfiMemoryType;
import org.xenolith.efi.kit.EfiPlaces;
import org.xenolith.efi.kit.EfiSystemTable;
import org.xenolith.efi.kit.LoadedBytes;
import org.xenolith.efi.kit.MinimalTree;
import org.xenolith.efi.kit.RuntimePieces;
import org.xenolith.efi.kit.RuntimeServicesCode.Conduit;
import org.xenolith.efi.kit.RuntimeServicesTable;
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
  private static final int UEFI_2_10 = 2 << 16 | 100;
  /** There are no runtime services that a kernel could call. */
  private static final String WITHOUT_RUNTIME = "efi=noruntime";
  private static final String VENDOR = "Xenolith";
  private static final int VENDOR_REVISION = 1;
  /** Bytes for the small tables and what is aligned between them. */
  private static final int SMALL = 1024;

  private final LinkedTables tables;
  private final MemoryRange place;
  private final FreeRam ram;
  private final RuntimePart runtime;
  private final boolean loaderMaps;

  private AcpiMemory(LinkedTables tables, MemoryRange place, FreeRam ram, RuntimePart runtime, boolean loaderMaps) {
    this.tables = tables;
    this.place = place;
    this.ram = ram;
    this.runtime = runtime;
    this.loaderMaps = loaderMaps;
  }

  /**
   * Places a machine's tables.
   *
   * @param set without RSDP and XSDT
   * @param ram of the machine
   * @param loaderMaps whether the loader of what is started maps runtime services, as Linux' own does; a hypervisor calls them as they are
   * @throws BootException if there is no room
   */
  static AcpiMemory of(TableSet set, TableIdentity identity, FreeRam ram, RuntimePart runtime, boolean loaderMaps) {
    int tables = LinkedTables.of(set.tables(), identity, 0).length();
    int descriptors = (ram.banks().size() + 2 * ram.kept().size() + 4) * EfiMemoryMap.DESCRIPTOR_SIZE;
    long size = (tables + EfiSystemTable.SIZE + 2 * descriptors + SMALL + ALIGNMENT - 1 & -ALIGNMENT) + runtime.size();
    MemoryRange place = ram.highest(size, ALIGNMENT);
    return new AcpiMemory(LinkedTables.of(set.tables(), identity, place.base() + runtime.size()), place, ram, runtime, loaderMaps);
  }

  private static long aligned(long address) {
    return address + 15 & -16;
  }

  @Override
  public List<MemoryRange> reserved() {
    return Stream.concat(ram.kept().stream(), Stream.of(place)).toList();
  }

  @Override
  public Fdt load(GuestMemory memory, DeviceTreeFacts facts) {
    boolean mapped = loaderMaps && RuntimePieces.maps(facts.bootArguments());
    LoadedBytes bytes = new LoadedBytes(place.base(), (int) place.size());
    EfiMemoryMap map = map(mapped);
    long properties = aligned(place.base() + runtime.size() + tables.length());
    long kept = aligned(properties + RuntimeServicesTable.PROPERTIES_SIZE);
    long attributes = aligned(kept + EfiSystemTable.LINUX_MEMRESERVE_SIZE);
    long behind = aligned(attributes + map.attributes().length);
    EfiSystemTable system = new EfiSystemTable(UEFI_2_10, VENDOR, VENDOR_REVISION).configuration(EfiSystemTable.ACPI, tables.rsdp())
        .configuration(EfiSystemTable.RUNTIME_PROPERTIES, properties).configuration(EfiSystemTable.LINUX_MEMRESERVE, kept);
    bytes.write(place.base() + runtime.size(), tables.bytes());
    bytes.write(properties, RuntimeServicesTable.properties(runtime.supported()));
    long mapAt = runtime.present() ? behind : aligned(behind + system.length());
    long systemTable = behind;
    if (runtime.present()) {
      bytes.write(attributes, map.attributes());
      system.configuration(EfiSystemTable.MEMORY_ATTRIBUTES, attributes);
      RuntimePieces pieces = new RuntimePieces(place.base());
      systemTable = pieces.systemTable();
      runtime.placed().accept(pieces.write(bytes, system, UEFI_2_10, Conduit.SMC, mapped ? map : null));
    } else {
      bytes.write(systemTable, system.bytes(systemTable, EfiSystemTable.SIZE));
    }
    bytes.write(mapAt, map.bytes());
    runtime.described().accept(described(bytes.read(systemTable, EfiSystemTable.SIZE), map));
    memory.write(place.base(), bytes.bytes(), 0, bytes.bytes().length);
    String arguments = (facts.bootArguments() + (runtime.present() ? "" : " " + WITHOUT_RUNTIME)).strip();
    OptionalLong start = facts.initrd().stream().mapToLong(MemoryRange::base).findFirst();
    OptionalLong end = facts.initrd().stream().mapToLong(MemoryRange::end).findFirst();
    return new MinimalTree(arguments, start, end, new EfiPlaces(systemTable, mapAt, map.length())).bare();
  }

  private FirmwareDescription described(byte[] system, EfiMemoryMap map) {
    ByteBuffer table = ByteBuffer.wrap(system).order(ByteOrder.LITTLE_ENDIAN);
    ByteBuffer in = ByteBuffer.wrap(map.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    List<FirmwareMemory> memory = new ArrayList<>();
    for (int at = 0; at < in.capacity(); at += EfiMemoryMap.DESCRIPTOR_SIZE) {
      memory.add(new FirmwareMemory(in.getInt(at), in.getLong(at + 8), in.getLong(at + 24), in.getLong(at + 32)));
    }
    return new FirmwareDescription(UEFI_2_10, runtime.present() ? UEFI_2_10 : 0, VENDOR, VENDOR_REVISION, physical(table.getLong(112), map),
        (int) table.getLong(104), memory);
  }

  /** The physical address behind a pointer in a table, whether that has been mapped or not. */
  private static long physical(long pointer, EfiMemoryMap map) {
    return map.ranges().stream().filter(range -> range.virtual() != 0 && Long.compareUnsigned(pointer - range.virtual(), range.size()) < 0)
        .mapToLong(range -> pointer - range.virtual() + range.base()).findFirst().orElse(pointer);
  }

  private EfiMemoryMap map(boolean mapped) {
    EfiMemoryMap map = new EfiMemoryMap();
    ram.banks().forEach(bank -> map.ram(bank.base(), bank.size()));
    ram.kept().forEach(range -> map.claim(EfiMemoryType.RESERVED, range.base(), range.size(), 0));
    if (runtime.present()) {
      new RuntimePieces(place.base()).claim(map, mapped);
    }
    return map.claim(EfiMemoryType.ACPI_RECLAIM, place.base() + runtime.size(), place.size() - runtime.size(), 0);
  }

  /** The tables where they are. */
  LinkedTables tables() {
    return tables;
  }
}
