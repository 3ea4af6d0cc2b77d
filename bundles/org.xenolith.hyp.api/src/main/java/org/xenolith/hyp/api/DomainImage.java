// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.api;

import java.util.Map;

/**
 * What a domain starts.
 *
 * @param kernel      the kernel file, an arm64 Image for Arm, plain or packed with gzip, zstd, xz, lzma or lz4
 * @param ramdisk     the first root file system; empty for none
 * @param commandLine kernel command line
 * @param memory      bytes of RAM
 * @param options     what a builder understands beyond, for example {@code vuart} = {@code sbsa_uart}
 */
public record DomainImage(byte[] kernel, byte[] ramdisk, String commandLine, long memory, Map<String, String> options) {
  /** Option: {@code 1} if what is started is firmware: the domain is described to it in full, and it describes it to a kernel. */
  public static final String FIRMWARE = "firmware";
  /** Option: most bytes, in decimal digits, of the device tree that what is started has room for; without it there is no limit. */
  public static final String MOST_TREE = "most-tree";
  /**
   * Option: physical address, in hexadecimal digits, of the EFI system table that the machine's firmware left in memory. A machine that is
   * described by its device tree alone has none.
   */
  public static final String EFI_SYSTEM_TABLE = "efi-system-table";
  /** Option: physical address, in hexadecimal digits, of the memory map that EFI firmware left. */
  public static final String EFI_MEMORY_MAP = "efi-memory-map";
  /** Option: bytes of that map, in hexadecimal digits. */
  public static final String EFI_MEMORY_MAP_SIZE = "efi-memory-map-size";
  /** Option: bytes from one descriptor of that map to the next, in hexadecimal digits. */
  public static final String EFI_DESCRIPTOR_SIZE = "efi-descriptor-size";
}
