// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.build.arm.acpi.domu;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.xenolith.efi.api.RuntimeMemory;
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
import org.xenolith.fdt.FdtProperty;
import org.xenolith.fdt.FdtWindow;
import org.xenolith.hyp.arm.kit.GuestTables;

/**
 * What a guest is described by: its tables, where Xen's tools put them, and behind them what EFI firmware in the guest would leave for its
 * kernel. A kernel that is started without firmware finds the tables by that only.
 */
final class GuestDescription {
  /** A kernel with pages of 64 KiB maps nothing smaller (UEFI 2.10, 2.3.6). */
  private static final long ALIGNMENT = 64 << 10;
  private static final int UEFI_2_10 = 2 << 16 | 100;
  private static final String VERSION = "4.17";
  /** There are no runtime services that its kernel could call. */
  private static final String WITHOUT_RUNTIME = "efi=noruntime";

  private final LoadedBytes bytes;
  private final FdtWindow place;
  private final Optional<RuntimeMemory> services;
  private final EfiPlaces efi;
  private final int tablesLength;

  /**
   * Of a domain with these tables, at {@code room}, and that RAM.
   *
   * @param supported runtime services that there are (UEFI 2.10, 4.6.2); 0 for none
   * @param arguments its kernel's command line
   */
  GuestDescription(GuestTables tables, FdtWindow room, List<FdtWindow> banks, int supported, String arguments) {
    byte[] described = tables.bytes();
    tablesLength = described.length;
    boolean runtime = supported != 0;
    long properties = aligned(room.base() + described.length);
    long attributes = aligned(properties + RuntimeServicesTable.PROPERTIES_SIZE);
    EfiSystemTable system = new EfiSystemTable(UEFI_2_10, "Xen", 1).configuration(EfiSystemTable.ACPI, tables.rsdp())
        .configuration(EfiSystemTable.RUNTIME_PROPERTIES, properties);
    long systemTable = aligned(attributes + EfiMemoryMap.ATTRIBUTES_HEADER + 2 * EfiMemoryMap.DESCRIPTOR_SIZE);
    long mapAt = aligned(systemTable + system.length() + EfiSystemTable.ENTRY);
    long tablesEnd = mapAt + (banks.size() + 3L) * EfiMemoryMap.DESCRIPTOR_SIZE + ALIGNMENT - 1 & -ALIGNMENT;
    place = new FdtWindow(room.base(), tablesEnd - room.base() + (runtime ? RuntimePieces.SIZE : 0));
    RuntimePieces pieces = new RuntimePieces(tablesEnd);
    boolean mapped = RuntimePieces.maps(arguments);
    EfiMemoryMap map = new EfiMemoryMap().ram(place.base(), place.size()).claim(EfiMemoryType.ACPI_RECLAIM, place.base(), tablesEnd - place
        .base(), 0);
    banks.forEach(bank -> map.ram(bank.base(), bank.size()));
    bytes = new LoadedBytes(place.base(), (int) place.size());
    if (runtime) {
      pieces.claim(map, mapped);
      system.configuration(EfiSystemTable.MEMORY_ATTRIBUTES, attributes);
      bytes.write(attributes, map.attributes());
      services = Optional.of(pieces.write(bytes, system, UEFI_2_10, Conduit.HVC, mapped ? map : null));
    } else {
      services = Optional.empty();
      bytes.write(systemTable, system.bytes(systemTable, EfiSystemTable.SIZE));
    }
    bytes.write(room.base(), described);
    bytes.write(properties, RuntimeServicesTable.properties(supported));
    bytes.write(mapAt, map.bytes());
    efi = new EfiPlaces(services.map(RuntimeMemory::systemTable).orElse(systemTable), mapAt, map.length());
  }

  private static long aligned(long address) {
    return address + 15 & -16;
  }

  /** Where it is; whole pages. */
  FdtWindow place() {
    return place;
  }

  /** What is there. */
  byte[] bytes() {
    return bytes.bytes();
  }

  /** Where its runtime services are, if it has any. */
  Optional<RuntimeMemory> services() {
    return services;
  }

  /**
   * The guest's tree: where that is, for its kernel; and where the tables are, for firmware, as Xen's tools say it.
   *
   * @param initrd its place, if there is one
   * @param seed   entropy for its kernel
   */
  Fdt tree(String arguments, Optional<FdtWindow> initrd, FdtProperty seed) {
    OptionalLong start = initrd.stream().mapToLong(FdtWindow::base).findFirst();
    OptionalLong end = initrd.stream().mapToLong(window -> window.base() + window.size()).findFirst();
    Fdt tree = services.isPresent() ? new MinimalTree(arguments, start, end, efi).guest(VERSION)
        : new MinimalTree((arguments + " " + WITHOUT_RUNTIME).strip(), start, end, efi).domain(VERSION);
    return tree.edit("/chosen", chosen -> chosen.withProperty(seed).withProperty(FdtProperty.ofCells("#address-cells", 2))
        .withProperty(FdtProperty.ofCells("#size-cells", 2)).withChild(GuestTables.module(place.base(), tablesLength)));
  }
}
