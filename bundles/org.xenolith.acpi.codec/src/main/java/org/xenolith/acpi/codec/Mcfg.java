// SPDX-License-Identifier: EPL-2.0
package org.xenolith.acpi.codec;

import static org.xenolith.acpi.codec.FieldSpec.number;
import static org.xenolith.acpi.codec.FieldSpec.reserved;

/** Memory-mapped configuration space of PCI (PCI Firmware Specification 3.3, 4.1.2). */
public final class Mcfg {
  /** Behind the header. */
  public enum Field implements TableField {
    RESERVED_36(reserved(36, 8));

    private final FieldSpec spec;

    Field(FieldSpec spec) {
      this.spec = spec;
    }

    @Override
    public FieldSpec spec() {
      return spec;
    }
  }

  /** A range of buses. */
  public enum Allocation implements TableField {
    BASE_ADDRESS(number(0, 8)),
    SEGMENT(number(8, 2)),
    START_BUS(number(10, 1)),
    END_BUS(number(11, 1)),
    RESERVED_12(reserved(12, 4));

    private final FieldSpec spec;

    Allocation(FieldSpec spec) {
      this.spec = spec;
    }

    @Override
    public FieldSpec spec() {
      return spec;
    }
  }

  /** Where configuration space of a range of buses is. */
  public static final StructureLayout ALLOCATION = StructureLayout.of("allocation", "PCI Firmware Specification 3.3, 4.1.2", Allocation
      .values());
  /** All of it. */
  public static final StructureLayout LAYOUT = StructureLayout.table("MCFG", "PCI Firmware Specification 3.3, 4.1.2", Field.values(),
      TablePart
          .elements("allocations", ALLOCATION));

  private Mcfg() {}
}
