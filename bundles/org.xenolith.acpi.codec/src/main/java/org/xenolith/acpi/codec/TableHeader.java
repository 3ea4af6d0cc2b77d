// SPDX-License-Identifier: EPL-2.0
package org.xenolith.acpi.codec;

import static org.xenolith.acpi.codec.FieldSpec.number;
import static org.xenolith.acpi.codec.FieldSpec.text;

/** The header that all tables but RSDP and FACS begin with (ACPI 6.5, 5.2.6). */
public enum TableHeader implements TableField {
  SIGNATURE(text(0, 4)),
  LENGTH(number(4, 4)),
  REVISION(number(8, 1)),
  CHECKSUM(number(9, 1)),
  OEM_ID(text(10, 6)),
  OEM_TABLE_ID(text(16, 8)),
  OEM_REVISION(number(24, 4)),
  CREATOR_ID(text(28, 4)),
  CREATOR_REVISION(number(32, 4));

  /** Bytes of the header. */
  public static final int SIZE = 36;

  private final FieldSpec spec;

  TableHeader(FieldSpec spec) {
    this.spec = spec;
  }

  @Override
  public FieldSpec spec() {
    return spec;
  }
}
