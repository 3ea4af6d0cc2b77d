// SPDX-License-Identifier: EPL-2.0
package org.xenolith.acpi.codec;

/** Tables that hold a definition block: byte code of the namespace, AML (ACPI 6.5, 5.2.11). */
public final class Definition {
  /** The byte code behind the header. */
  public static final TablePart AML = TablePart.data("AML");
  /** Differentiated System Description Table. */
  public static final StructureLayout DSDT = table("DSDT");
  /** Secondary System Description Table. */
  public static final StructureLayout SSDT = table("SSDT");

  private Definition() {}

  private static StructureLayout table(String signature) {
    return StructureLayout.table(signature, "ACPI 6.5, 5.2.11", new TableField[0], AML);
  }
}
