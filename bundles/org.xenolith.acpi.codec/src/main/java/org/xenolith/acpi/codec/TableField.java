// SPDX-License-Identifier: EPL-2.0
package org.xenolith.acpi.codec;

/**
 * A field of an ACPI structure: a row of its declaration. Implemented by an enum whose constants are the fields of one
 * structure in their order, spelled after the specification.
 */
public interface TableField {
  /** Offset, size and kind. */
  FieldSpec spec();

  /** The field's name; an enum's {@link Enum#name()} serves. */
  String name();
}
