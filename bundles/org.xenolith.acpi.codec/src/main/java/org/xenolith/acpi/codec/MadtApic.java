// SPDX-License-Identifier: EPL-2.0
package org.xenolith.acpi.codec;

import static org.xenolith.acpi.codec.FieldSpec.number;
import static org.xenolith.acpi.codec.FieldSpec.reserved;

/** The entries of x86 in the {@link Madt}: local APICs, I/O APICs and what is wired to them (ACPI 6.5, 5.2.12.2 to 5.2.12.13). */
public final class MadtApic {
  /** Processor Local APIC (ACPI 6.5, 5.2.12.2). */
  public enum LocalApic implements TableField {
    TYPE(number(0, 1)),
    LENGTH(number(1, 1)),
    ACPI_PROCESSOR_UID(number(2, 1)),
    APIC_ID(number(3, 1)),
    FLAGS(number(4, 4));

    private final FieldSpec spec;

    LocalApic(FieldSpec spec) {
      this.spec = spec;
    }

    @Override
    public FieldSpec spec() {
      return spec;
    }
  }

  /** I/O APIC (ACPI 6.5, 5.2.12.3). */
  public enum IoApic implements TableField {
    TYPE(number(0, 1)),
    LENGTH(number(1, 1)),
    IO_APIC_ID(number(2, 1)),
    RESERVED_3(reserved(3, 1)),
    IO_APIC_ADDRESS(number(4, 4)),
    GLOBAL_SYSTEM_INTERRUPT_BASE(number(8, 4));

    private final FieldSpec spec;

    IoApic(FieldSpec spec) {
      this.spec = spec;
    }

    @Override
    public FieldSpec spec() {
      return spec;
    }
  }

  /** Interrupt Source Override (ACPI 6.5, 5.2.12.5). */
  public enum SourceOverride implements TableField {
    TYPE(number(0, 1)),
    LENGTH(number(1, 1)),
    /** 0: ISA. */
    BUS(number(2, 1)),
    SOURCE(number(3, 1)),
    GLOBAL_SYSTEM_INTERRUPT(number(4, 4)),
    /** As those of MPS: {@link #ACTIVE_HIGH} and the others. */
    FLAGS(number(8, 2));

    private final FieldSpec spec;

    SourceOverride(FieldSpec spec) {
      this.spec = spec;
    }

    @Override
    public FieldSpec spec() {
      return spec;
    }
  }

  /** Local APIC NMI (ACPI 6.5, 5.2.12.7). */
  public enum LocalNmi implements TableField {
    TYPE(number(0, 1)),
    LENGTH(number(1, 1)),
    ACPI_PROCESSOR_UID(number(2, 1)),
    FLAGS(number(3, 2)),
    LOCAL_APIC_LINT(number(5, 1));

    private final FieldSpec spec;

    LocalNmi(FieldSpec spec) {
      this.spec = spec;
    }

    @Override
    public FieldSpec spec() {
      return spec;
    }
  }

  /** Processor Local x2APIC (ACPI 6.5, 5.2.12.12), for ids from 255 on. */
  public enum LocalX2apic implements TableField {
    TYPE(number(0, 1)),
    LENGTH(number(1, 1)),
    RESERVED_2(reserved(2, 2)),
    X2APIC_ID(number(4, 4)),
    FLAGS(number(8, 4)),
    ACPI_PROCESSOR_UID(number(12, 4));

    private final FieldSpec spec;

    LocalX2apic(FieldSpec spec) {
      this.spec = spec;
    }

    @Override
    public FieldSpec spec() {
      return spec;
    }
  }

  /** Processor Local APIC. */
  public static final StructureLayout LOCAL_APIC = StructureLayout.entry("Processor Local APIC", 0, "ACPI 6.5, 5.2.12.2", LocalApic
      .values());
  /** I/O APIC. */
  public static final StructureLayout IO_APIC = StructureLayout.entry("I/O APIC", 1, "ACPI 6.5, 5.2.12.3", IoApic.values());
  /** Interrupt Source Override. */
  public static final StructureLayout SOURCE_OVERRIDE = StructureLayout.entry("Interrupt Source Override", 2, "ACPI 6.5, 5.2.12.5",
      SourceOverride.values());
  /** Local APIC NMI. */
  public static final StructureLayout LOCAL_NMI = StructureLayout.entry("Local APIC NMI", 4, "ACPI 6.5, 5.2.12.7", LocalNmi.values());
  /** Processor Local x2APIC. */
  public static final StructureLayout LOCAL_X2APIC = StructureLayout.entry("Processor Local x2APIC", 9, "ACPI 6.5, 5.2.12.12",
      LocalX2apic.values());
  /** MPS flags: active high; without this and {@link #ACTIVE_LOW} as the bus has it. */
  public static final long ACTIVE_HIGH = 1;
  /** MPS flags: active low. */
  public static final long ACTIVE_LOW = 3;
  /** MPS flags: edge-triggered; without this and {@link #LEVEL} as the bus has it. */
  public static final long EDGE = 1 << 2;
  /** MPS flags: level-triggered. */
  public static final long LEVEL = 3 << 2;

  private MadtApic() {}
}
