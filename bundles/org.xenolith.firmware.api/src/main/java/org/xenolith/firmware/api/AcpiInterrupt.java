// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.api;

/**
 * An interrupt as ACPI names it.
 *
 * @param gsiv      global system interrupt: on Arm the INTID of the GIC; on PCs the inputs of the I/O APICs are numbered through
 * @param edge      whether it is edge-triggered; else level-sensitive
 * @param activeLow whether it is asserted by a falling edge or a low level
 */
public record AcpiInterrupt(long gsiv, boolean edge, boolean activeLow) {
  /** A number that the tables' 32 bits hold. */
  public AcpiInterrupt {
    if (gsiv < 0 || gsiv > 0xFFFF_FFFFL) {
      throw new IllegalArgumentException("gsiv " + gsiv + ": expected 0 to 0xffffffff");
    }
  }
}
