// SPDX-License-Identifier: EPL-2.0
package org.xenolith.acpi.codec;

import static org.xenolith.acpi.codec.FieldSpec.number;

/** Xen Environment Table (LINARO-0003), which was proposed and no system reads. */
public final class Xenv {
  /** Behind the header. */
  public enum Field implements TableField {
    GRANT_TABLE_ADDRESS(number(36, 8)),
    /** 0: there is none. */
    GRANT_TABLE_SIZE(number(44, 8)),
    /** 0: there is none. */
    EVENT_CHANNEL_INTERRUPT(number(52, 4)),
    EVENT_CHANNEL_INTERRUPT_FLAGS(number(56, 1));

    private final FieldSpec spec;

    Field(FieldSpec spec) {
      this.spec = spec;
    }

    @Override
    public FieldSpec spec() {
      return spec;
    }
  }

  /** All of it. */
  public static final StructureLayout LAYOUT = StructureLayout.table("XENV", "LINARO-0003, 0.2", Field.values());

  private Xenv() {}
}
