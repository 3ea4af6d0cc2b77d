// SPDX-License-Identifier: EPL-2.0
package org.xenolith.acpi.codec;

import static org.xenolith.acpi.codec.FieldSpec.number;

/** Extended System Description Table: where the others are (ACPI 6.5, 5.2.8). */
public final class Xsdt {
  /** One of its entries. */
  public enum Entry implements TableField {
    ADDRESS(number(0, 8));

    private final FieldSpec spec;

    Entry(FieldSpec spec) {
      this.spec = spec;
    }

    @Override
    public FieldSpec spec() {
      return spec;
    }
  }

  /** A table's physical address. */
  public static final StructureLayout ENTRY = StructureLayout.of("entry", "ACPI 6.5, 5.2.8", Entry.values());
  /** All of it. */
  public static final StructureLayout LAYOUT = StructureLayout.table("XSDT", "ACPI 6.5, 5.2.8", new TableField[0], TablePart.elements(
      "entries",
      ENTRY));

  private Xsdt() {}
}
