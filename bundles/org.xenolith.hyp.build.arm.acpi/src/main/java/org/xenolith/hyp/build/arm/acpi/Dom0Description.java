// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.build.arm.acpi;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.Stream;
import org.xenolith.efi.kit.EfiMemoryMap;
import org.xenolith.efi.kit.EfiMemoryType;
import org.xenolith.efi.kit.EfiSystemTable;
import org.xenolith.fdt.FdtWindow;

/**
 * What the hardware domain is given to find its tables: the tables that were made for it, the EFI system table, the memory map; in one
 * piece, in Xen's order.
 *
 * @param base        intermediate physical address of the first byte
 * @param bytes       whole pages of it
 * @param readOnly    bytes from the first on that the domain has no business to write, whole pages too
 * @param systemTable address of the EFI system table
 * @param map         address of the memory map
 * @param mapSize     its bytes
 */
record Dom0Description(long base, byte[] bytes, int readOnly, long systemTable, long map, int mapSize) {
  private static final int PAGE = 4096;
  private static final int UEFI_2_50 = 2 << 16 | 50;

  /**
   * Puts it together.
   *
   * @param room  where it goes
   * @param banks RAM of the domain
   * @param kept  the machine's memory of tables
   * @param lpis  whether the domain has a GICv3 with LPIs: their tables must stay over a kexec, which Linux notes in a table of its own;
   *              without it there is a warning at each of them. It is behind the others, as the domain writes it
   * @throws IllegalArgumentException if there is no room for it
   */
  static Dom0Description of(Dom0Tables tables, FdtWindow room, List<FdtWindow> banks, List<EfiMemoryMap.Range> kept, boolean lpis) {
    long base = room.base();
    long systemTable = tables.end();
    EfiSystemTable system = new EfiSystemTable(UEFI_2_50, "Xen", 1).configuration(EfiSystemTable.ACPI, tables.rsdp());
    // An entry more doesn't move what is before it.
    long map = Dom0Tables.aligned(systemTable + system.length() + (lpis ? EfiSystemTable.ENTRY : 0));
    int mapSize = (banks.size() + kept.size() + 1) * EfiMemoryMap.DESCRIPTOR_SIZE;
    long readOnly = map + mapSize - base + PAGE - 1 & -PAGE;
    if (lpis) {
      system.configuration(EfiSystemTable.LINUX_MEMRESERVE, base + readOnly);
    }
    long size = readOnly + (lpis ? PAGE : 0);
    if (size > room.size()) {
      throw new IllegalArgumentException("the domain's tables take " + size + " bytes, there is room for " + room.size()
          + "; hide fewer devices, or boot it by device tree");
    }
    ByteBuffer all = ByteBuffer.allocate((int) size);
    tables.made().forEach(each -> all.put((int) (each.address() - base), each.table().bytes()));
    // All of the header's size counts in the checksum: as in Xen's it is that of all three pieces.
    all.put((int) (systemTable - base), system.bytes(systemTable, system.length()));
    all.put((int) (map - base), map(banks, kept, new EfiMemoryMap.Range(EfiMemoryType.ACPI_RECLAIM, base, size, 0)));
    return new Dom0Description(base, all.array(), (int) readOnly, systemTable, map, mapSize);
  }

  private static byte[] map(List<FdtWindow> banks, List<EfiMemoryMap.Range> kept, EfiMemoryMap.Range own) {
    EfiMemoryMap map = new EfiMemoryMap();
    banks.forEach(bank -> map.ram(bank.base(), bank.size()));
    Stream.concat(kept.stream(), Stream.of(own)).forEach(range -> map.ram(range.base(), range.size()).claim(range.type(), range.base(),
        range.size(), 0));
    return map.bytes();
  }
}
