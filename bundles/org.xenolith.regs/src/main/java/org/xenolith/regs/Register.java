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

  /** What the manual says of it: of an enum's constant what {@link FieldText} has beside the enum. */
  default RegisterWords words() {
    return this instanceof Enum<?> row ? FieldText.beside(row.getDeclaringClass()).of(name()) : RegisterWords.UNSAID;
  }
}
