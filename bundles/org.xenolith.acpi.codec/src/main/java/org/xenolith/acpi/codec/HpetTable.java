// SPDX-License-Identifier: EPL-2.0
package org.xenolith.acpi.codec;

import static org.xenolith.acpi.codec.FieldSpec.address;
import static org.xenolith.acpi.codec.FieldSpec.number;

/** Description table of an IA-PC HPET (IA-PC HPET Specification 1.0a, 3.2.4). Its signature is HPET. */
public final class HpetTable {
  /** Behind the header. */
  public enum Field implements TableField {
    /** What the first register says of its upper half. */
    EVENT_TIMER_BLOCK_ID(number(36, 4)),
    BASE_ADDRESS(address(40)),
    HPET_NUMBER(number(52, 1)),
    /** Ticks of the counter, in periodic mode. */
    MINIMUM_TICK(number(53, 2)),
    PAGE_PROTECTION(number(55, 1));

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
  public static final StructureLayout LAYOUT = StructureLayout.table("HPET", "IA-PC HPET Specification 1.0a, 3.2.4", Field.values());

  private HpetTable() {}
}
