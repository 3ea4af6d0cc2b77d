// SPDX-License-Identifier: EPL-2.0
package org.xenolith.platform.model.tree;

import org.xenolith.fdt.FdtException;
import org.xenolith.fdt.FdtReservation;

/** Memory reservations as text: address and size, for example {@code 0x48000000 0x10000}. */
public final class ReservationText {
  private ReservationText() {}

  /** The text of a reservation. */
  public static String format(FdtReservation reservation) {
    return reservation == null ? null : "0x" + Long.toHexString(reservation.address()) + " 0x"
        + Long.toHexString(reservation.size());
  }

  /**
   * The reservation of a text.
   *
   * @throws FdtException if it isn't two hexadecimal numbers
   */
  public static FdtReservation parse(String text) {
    String[] parts = text.strip().split(" +");
    try {
      if (parts.length == 2 && parts[0].startsWith("0x") && parts[1].startsWith("0x")) {
        return new FdtReservation(Long.parseUnsignedLong(parts[0], 2, parts[0].length(), 16),
            Long.parseUnsignedLong(parts[1], 2, parts[1].length(), 16));
      }
    } catch (NumberFormatException e) {
      // told below, as any other text is
    }
    throw new FdtException(FdtException.NO_OFFSET, "reservation '" + text + "' isn't an address and a size",
        "write 0xADDRESS 0xSIZE");
  }
}
