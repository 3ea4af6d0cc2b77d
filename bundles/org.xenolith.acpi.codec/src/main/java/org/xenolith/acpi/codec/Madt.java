// SPDX-License-Identifier: EPL-2.0
package org.xenolith.acpi.codec;

import static org.xenolith.acpi.codec.FieldSpec.number;
import static org.xenolith.acpi.codec.FieldSpec.reserved;

/** Multiple APIC Description Table (ACPI 6.5, 5.2.12), with the entries of Arm; those of x86 are in {@link MadtApic}. Its signature is APIC. */
public final class Madt {
  /** Behind the header. */
  public enum Field implements TableField {
    LOCAL_INTERRUPT_CONTROLLER_ADDRESS(number(36, 4)),
    FLAGS(number(40, 4));

    private final FieldSpec spec;

    Field(FieldSpec spec) {
      this.spec = spec;
    }

    @Override
    public FieldSpec spec() {
      return spec;
    }
  }

  /** GIC CPU Interface (ACPI 6.5, 5.2.12.14). */
  public enum Gicc implements TableField {
    TYPE(number(0, 1)),
    LENGTH(number(1, 1)),
    RESERVED_2(reserved(2, 2)),
    CPU_INTERFACE_NUMBER(number(4, 4)),
    ACPI_PROCESSOR_UID(number(8, 4)),
    FLAGS(number(12, 4)),
    PARKING_PROTOCOL_VERSION(number(16, 4)),
    PERFORMANCE_INTERRUPT_GSIV(number(20, 4)),
    PARKED_ADDRESS(number(24, 8)),
    BASE_ADDRESS(number(32, 8)),
    GICV(number(40, 8)),
    GICH(number(48, 8)),
    VGIC_MAINTENANCE_INTERRUPT(number(56, 4)),
    GICR_BASE_ADDRESS(number(60, 8)),
    MPIDR(number(68, 8)),
    PROCESSOR_POWER_EFFICIENCY_CLASS(number(76, 1)),
    RESERVED_77(reserved(77, 1)),
    SPE_OVERFLOW_INTERRUPT(number(78, 2)),
    TRBE_INTERRUPT(number(80, 2));

    private final FieldSpec spec;

    Gicc(FieldSpec spec) {
      this.spec = spec;
    }

    @Override
    public FieldSpec spec() {
      return spec;
    }
  }

  /** GIC Distributor (ACPI 6.5, 5.2.12.15). */
  public enum Gicd implements TableField {
    TYPE(number(0, 1)),
    LENGTH(number(1, 1)),
    RESERVED_2(reserved(2, 2)),
    GIC_ID(number(4, 4)),
    BASE_ADDRESS(number(8, 8)),
    SYSTEM_VECTOR_BASE(number(16, 4)),
    GIC_VERSION(number(20, 1)),
    RESERVED_21(reserved(21, 3));

    private final FieldSpec spec;

    Gicd(FieldSpec spec) {
      this.spec = spec;
    }

    @Override
    public FieldSpec spec() {
      return spec;
    }
  }

  /** GIC MSI Frame (ACPI 6.5, 5.2.12.16). */
  public enum MsiFrame implements TableField {
    TYPE(number(0, 1)),
    LENGTH(number(1, 1)),
    RESERVED_2(reserved(2, 2)),
    GIC_MSI_FRAME_ID(number(4, 4)),
    BASE_ADDRESS(number(8, 8)),
    FLAGS(number(16, 4)),
    SPI_COUNT(number(20, 2)),
    SPI_BASE(number(22, 2));

    private final FieldSpec spec;

    MsiFrame(FieldSpec spec) {
      this.spec = spec;
    }

    @Override
    public FieldSpec spec() {
      return spec;
    }
  }

  /** GIC Redistributor (ACPI 6.5, 5.2.12.17). */
  public enum Gicr implements TableField {
    TYPE(number(0, 1)),
    LENGTH(number(1, 1)),
    FLAGS(number(2, 1)),
    RESERVED_3(reserved(3, 1)),
    DISCOVERY_RANGE_BASE_ADDRESS(number(4, 8)),
    DISCOVERY_RANGE_LENGTH(number(12, 4));

    private final FieldSpec spec;

    Gicr(FieldSpec spec) {
      this.spec = spec;
    }

    @Override
    public FieldSpec spec() {
      return spec;
    }
  }

  /** GIC Interrupt Translation Service (ACPI 6.5, 5.2.12.18). */
  public enum Its implements TableField {
    TYPE(number(0, 1)),
    LENGTH(number(1, 1)),
    FLAGS(number(2, 1)),
    RESERVED_3(reserved(3, 1)),
    GIC_ITS_ID(number(4, 4)),
    BASE_ADDRESS(number(8, 8)),
    RESERVED_16(reserved(16, 4));

    private final FieldSpec spec;

    Its(FieldSpec spec) {
      this.spec = spec;
    }

    @Override
    public FieldSpec spec() {
      return spec;
    }
  }

  /** GIC CPU Interface. */
  public static final StructureLayout GICC = StructureLayout.entry("GIC CPU Interface", 11, "ACPI 6.5, 5.2.12.14", Gicc.values());
  /** GIC Distributor. */
  public static final StructureLayout GICD = StructureLayout.entry("GIC Distributor", 12, "ACPI 6.5, 5.2.12.15", Gicd.values());
  /** GIC MSI Frame. */
  public static final StructureLayout MSI_FRAME = StructureLayout.entry("GIC MSI Frame", 13, "ACPI 6.5, 5.2.12.16", MsiFrame.values());
  /** GIC Redistributor. */
  public static final StructureLayout GICR = StructureLayout.entry("GIC Redistributor", 14, "ACPI 6.5, 5.2.12.17", Gicr.values());
  /** GIC Interrupt Translation Service. */
  public static final StructureLayout ITS = StructureLayout.entry("GIC Interrupt Translation Service", 15, "ACPI 6.5, 5.2.12.18", Its
      .values());
  /** All of it. */
  public static final StructureLayout LAYOUT = StructureLayout.table("APIC", "ACPI 6.5, 5.2.12", Field.values(),
      TablePart.entries("interrupt controllers", EntryForm.BYTE_LENGTH, GICC, GICD, MSI_FRAME, GICR, ITS, MadtApic.LOCAL_APIC,
          MadtApic.IO_APIC, MadtApic.SOURCE_OVERRIDE, MadtApic.LOCAL_NMI, MadtApic.LOCAL_X2APIC));
  /** FLAGS of a processor: it is ready for use. */
  public static final long ENABLED = 1;
  /** GICC FLAGS: the interrupt of the performance monitors is edge-triggered. */
  public static final long PERFORMANCE_INTERRUPT_EDGE = 2;
  /** GICC FLAGS: the maintenance interrupt is edge-triggered. */
  public static final long MAINTENANCE_INTERRUPT_EDGE = 4;
  /** FLAGS of the table: there are two 8259s, too. */
  public static final long PCAT_COMPAT = 1;
  /** MSI frame FLAGS: count and base are in the entry, not in MSI_TYPER. */
  public static final long SPI_SELECT = 1;

  private Madt() {}
}
