// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.kit;

import org.xenolith.fdt.FdtBuilder;

/**
 * Where a kernel that no EFI loader has started finds the system table and the memory map.
 *
 * @param systemTable physical address of the EFI system table
 * @param map         physical address of the memory map
 * @param mapSize     its bytes
 */
public record EfiPlaces(long systemTable, long map, int mapSize) {
  /**
   * Writes them as properties of a node of a device tree: {@code /chosen} in the words of Linux (Documentation/arch/arm/uefi.rst), or
   * {@code /hypervisor/uefi} in those of Xen (docs/misc/arm/device-tree/guest.txt).
   *
   * @param vendor whose words: {@code linux} or {@code xen}
   */
  public void write(FdtBuilder node, String vendor) {
    node.u64(vendor + ",uefi-system-table", systemTable).u64(vendor + ",uefi-mmap-start", map)
        .cells(vendor + ",uefi-mmap-size", mapSize).cells(vendor + ",uefi-mmap-desc-size", EfiMemoryMap.DESCRIPTOR_SIZE)
        .cells(vendor + ",uefi-mmap-desc-ver", EfiMemoryMap.DESCRIPTOR_VERSION);
  }
}
