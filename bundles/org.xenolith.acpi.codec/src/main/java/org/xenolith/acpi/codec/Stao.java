// SPDX-License-Identifier: EPL-2.0
package org.xenolith.acpi.codec;

import static org.xenolith.acpi.codec.FieldSpec.number;

/** Status Override Table: which devices an operating system under a hypervisor leaves alone (LINARO-0002). */
public final class Stao {
  /** Behind the header. */
  public enum Field implements TableField {
    /** 1: the device of the SPCR isn't for the operating system. */
    UART(number(36, 1));

    private final FieldSpec spec;

    Field(FieldSpec spec) {
      this.spec = spec;
    }

    @Override
    public FieldSpec spec() {
      return spec;
    }
  }

  /** Paths in the namespace, each ends with a NUL. */
  public static final TablePart NAMES = TablePart.data("names");
  /** All of it. */
  public static final StructureLayout LAYOUT = StructureLayout.table("STAO", "LINARO-0002, 0.3", Field.values(), NAMES);

  private Stao() {}
}
