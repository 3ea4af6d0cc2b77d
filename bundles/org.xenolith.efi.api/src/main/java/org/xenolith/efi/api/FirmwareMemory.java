// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.api;

/**
 * A range in the memory map that firmware gives (UEFI 2.10, 7.2.3: EFI_MEMORY_DESCRIPTOR).
 *
 * @param type       EfiReservedMemoryType and so on, by number (UEFI 2.10, 7.2.1)
 * @param base       first physical address
 * @param pages      of 4 KiB
 * @param attributes what it may be mapped as, and whether runtime services need it
 */
public record FirmwareMemory(int type, long base, long pages, long attributes) {
  private static final int PAGE_BITS = 12;

  /** Its size in bytes. */
  public long size() {
    return pages << PAGE_BITS;
  }

  /** Whether an address is in it. */
  public boolean contains(long address) {
    return Long.compareUnsigned(address - base, size()) < 0;
  }
}
