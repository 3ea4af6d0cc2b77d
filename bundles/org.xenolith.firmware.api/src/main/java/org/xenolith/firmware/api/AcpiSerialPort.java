// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.api;

import org.xenolith.acpi.codec.GenericAddress;

/**
 * A UART as SPCR and DBG2 name it.
 *
 * @param type      interface type of SPCR, which is the subtype of DBG2 for serial ports (Microsoft, Debug Port Table 2, table 3)
 * @param registers the first of its registers, with the width of an access
 * @param bytes     that its registers take
 */
public record AcpiSerialPort(int type, GenericAddress registers, long bytes) {
  /** A type of 16 bits, and registers that take room. */
  public AcpiSerialPort {
    if (type < 0 || type > 0xFFFF || bytes <= 0 || bytes > 0xFFFF_FFFFL) {
      throw new IllegalArgumentException("type " + type + ", " + bytes + " bytes: expected a type up to 0xffff, and 1 to 0xffffffff bytes");
    }
  }
}
