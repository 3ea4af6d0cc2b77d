// SPDX-License-Identifier: EPL-2.0
package org.xenolith.regs;

/**
 * A row of a register table. Implemented by an enum whose constants are the registers of one window, spelled as in the
 * manual; {@link Enum#ordinal()} is the row number.
 */
public interface Register {
  /** Offset, masks, reset value and manual reference of this register. */
  RegisterSpec spec();

  /** The register's name as the manual spells it; an enum's {@link Enum#name()} serves. */
  String name();
}
