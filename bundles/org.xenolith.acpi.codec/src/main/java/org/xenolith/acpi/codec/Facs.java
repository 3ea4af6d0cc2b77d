// SPDX-License-Identifier: EPL-2.0
package org.xenolith.acpi.codec;

import static org.xenolith.acpi.codec.FieldSpec.number;
import static org.xenolith.acpi.codec.FieldSpec.reserved;
import static org.xenolith.acpi.codec.FieldSpec.text;

/** Firmware ACPI Control Structure (ACPI 6.5, 5.2.10); it has no checksum. */
public final class Facs {
  /** Its fields. */
  public enum Field implements TableField {
    SIGNATURE(text(0, 4)),
    LENGTH(number(4, 4)),
    HARDWARE_SIGNATURE(number(8, 4)),
    FIRMWARE_WAKING_VECTOR(number(12, 4)),
    GLOBAL_LOCK(number(16, 4)),
    FLAGS(number(20, 4)),
    X_FIRMWARE_WAKING_VECTOR(number(24, 8)),
    VERSION(number(32, 1)),
    RESERVED_33(reserved(33, 3)),
    OSPM_FLAGS(number(36, 4)),
    RESERVED_40(reserved(40, 24));

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
  public static final StructureLayout LAYOUT = StructureLayout.of("FACS", "ACPI 6.5, 5.2.10", Field.values());

  private Facs() {}
}
