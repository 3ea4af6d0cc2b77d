// SPDX-License-Identifier: EPL-2.0
package org.xenolith.acpi.codec;

import static org.xenolith.acpi.codec.FieldSpec.number;
import static org.xenolith.acpi.codec.FieldSpec.reserved;
import static org.xenolith.acpi.codec.FieldSpec.text;

/** Root System Description Pointer, where everything starts (ACPI 6.5, 5.2.5.3). */
public final class Rsdp {
  /** Its fields. */
  public enum Field implements TableField {
    SIGNATURE(text(0, 8)),
    /** Of the first 20 bytes. */
    CHECKSUM(number(8, 1)),
    OEM_ID(text(9, 6)),
    REVISION(number(15, 1)),
    RSDT_ADDRESS(number(16, 4)),
    LENGTH(number(20, 4)),
    XSDT_ADDRESS(number(24, 8)),
    /** Of all 36. */
    EXTENDED_CHECKSUM(number(32, 1)),
    RESERVED_33(reserved(33, 3));

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
  public static final StructureLayout LAYOUT = StructureLayout.of("RSDP", "ACPI 6.5, 5.2.5.3", Field.values());
  /** REVISION since which there is an XSDT. */
  public static final int REVISION_WITH_XSDT = 2;
  /** Its first eight bytes. */
  public static final String SIGNATURE = "RSD PTR ";

  private Rsdp() {}
}
