// SPDX-License-Identifier: EPL-2.0
package org.xenolith.acpi.codec;

/** A structure of a kind that isn't declared: its bytes are kept. */
public final class UnknownEntry {
  /** No fields: all of it is undeclared. */
  public static final StructureLayout LAYOUT = StructureLayout.of("entry of an unknown type", "", new TableField[0]);

  private UnknownEntry() {}
}
