// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.arm.kit;

import java.util.ArrayList;
import java.util.List;
import org.xenolith.fdt.FdtWindow;
import org.xenolith.xen.abi.GuestMap;

/**
 * Where things are in a domain without hardware of the host (Xen's public header {@code arch-arm.h}). The domain's tree
 * is what counts; these are the places that builders use.
 */
public final class DomUMap {
  /** A serial port. */
  public static final FdtWindow UART = new FdtWindow(GuestMap.GUEST_PL011_BASE, GuestMap.GUEST_PL011_SIZE);
  /** Room for grant frames. */
  public static final FdtWindow GRANT_WINDOW = new FdtWindow(GuestMap.GUEST_GNTTAB_BASE, GuestMap.GUEST_GNTTAB_SIZE);
  /** Pages for the store, the console and their kind; what a builder shares with the domain before it runs. */
  public static final FdtWindow MAGIC = new FdtWindow(GuestMap.GUEST_MAGIC_BASE, GuestMap.GUEST_MAGIC_SIZE);
  /** What describes the domain by ACPI. */
  public static final FdtWindow ACPI = new FdtWindow(GuestMap.GUEST_ACPI_BASE, GuestMap.GUEST_ACPI_SIZE);
  /** Room for RAM; a domain fills the first, then the second. */
  public static final List<FdtWindow> RAM = List.of(new FdtWindow(GuestMap.GUEST_RAM0_BASE, GuestMap.GUEST_RAM0_SIZE),
      new FdtWindow(GuestMap.GUEST_RAM1_BASE, GuestMap.GUEST_RAM1_SIZE));

  private DomUMap() {}

  /**
   * The banks of a domain of that much RAM.
   *
   * @param bytes a multiple of 4 KiB
   * @throws IllegalArgumentException if it isn't, or there isn't so much room
   */
  public static List<FdtWindow> banks(long bytes) {
    List<FdtWindow> banks = new ArrayList<>();
    long left = bytes;
    for (FdtWindow room : RAM) {
      long size = Math.min(left, room.size());
      if (size > 0) {
        banks.add(new FdtWindow(room.base(), size));
        left -= size;
      }
    }
    if (left != 0 || banks.isEmpty() || bytes % 0x1000 != 0) {
      throw new IllegalArgumentException("the domain's memory: expected whole pages of 4 KiB up to 1019 GiB, got "
          + bytes + " bytes");
    }
    return banks;
  }
}
