// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.build.arm.acpi.domu;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.xenolith.efi.kit.EfiMemoryMap;
import org.xenolith.efi.kit.EfiMemoryType;
import org.xenolith.efi.kit.EfiPlaces;
import org.xenolith.efi.kit.EfiSystemTable;
import org.xenolith.efi.kit.MinimalTree;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.fdt.FdtWindow;

/**
 * What a guest is described by: its tables, where Xen's tools put them, and behind them what EFI firmware in the guest would leave for its
 * kernel. A kernel that is started without firmware finds the tables by that only.
 */
final class GuestDescription {
  /** A kernel with pages of 64 KiB maps nothing smaller (UEFI 2.10, 2.3.6). */
  private static final long ALIGNMENT = 64 << 10;
  private static final int UEFI_2_5 = 2 << 16 | 50;
  private static final String VERSION = "4.17";
  /** What calls runtime services is the hardware domain only; another one is refused them, and its kernel would complain. */
  private static final String WITHOUT_RUNTIME = "efi=noruntime";

  private final FdtWindow place;
  private final byte[] bytes;
  private final long systemTable;
  private final long mapAt;
  private final int mapLength;
  private final int tablesLength;

  /** Of a domain with these tables, at {@code room}, and that RAM. */
  GuestDescription(GuestTables tables, FdtWindow room, List<FdtWindow> banks) {
    byte[] described = tables.bytes();
    tablesLength = described.length;
    EfiSystemTable system = new EfiSystemTable(UEFI_2_5, "Xen", 1).configuration(EfiSystemTable.ACPI, tables.rsdp());
    systemTable = aligned(room.base() + described.length);
    mapAt = aligned(systemTable + system.length());
    int descriptors = banks.size() + 1;
    long end = mapAt + (long) descriptors * EfiMemoryMap.DESCRIPTOR_SIZE;
    place = new FdtWindow(room.base(), end - room.base() + ALIGNMENT - 1 & -ALIGNMENT);
    EfiMemoryMap map = new EfiMemoryMap().ram(place.base(), place.size()).claim(EfiMemoryType.ACPI_RECLAIM, place.base(), place.size(), 0);
    banks.forEach(bank -> map.ram(bank.base(), bank.size()));
    mapLength = map.length();
    ByteBuffer all = ByteBuffer.allocate((int) (end - room.base()));
    all.put(described);
    all.position((int) (systemTable - room.base())).put(system.bytes(systemTable, EfiSystemTable.SIZE));
    all.position((int) (mapAt - room.base())).put(map.bytes());
    bytes = all.array();
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
    return bytes.clone();
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
    Fdt tree = new MinimalTree((arguments + " " + WITHOUT_RUNTIME).strip(), start, end,
        new EfiPlaces(systemTable, mapAt, mapLength)).domain(VERSION);
    return tree.edit("/chosen", chosen -> chosen.withProperty(seed).withProperty(FdtProperty.ofCells("#address-cells", 2))
        .withProperty(FdtProperty.ofCells("#size-cells", 2)).withChild(module()));
  }

  private FdtNode module() {
    return new FdtNode("module@" + Long.toHexString(place.base()), List.of(FdtProperty.ofStrings("compatible", "xen,guest-acpi",
        "multiboot,module"), FdtProperty.ofU64("reg", place.base(), tablesLength)), List.of());
  }
}
