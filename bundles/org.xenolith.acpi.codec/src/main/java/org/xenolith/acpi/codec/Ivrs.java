// SPDX-License-Identifier: EPL-2.0
package org.xenolith.acpi.codec;

import static org.xenolith.acpi.codec.FieldSpec.number;
import static org.xenolith.acpi.codec.FieldSpec.reserved;

/** I/O Virtualization Reporting Structure: AMD's IOMMUs and who is behind each (AMD 48882, 5.2). */
public final class Ivrs {
  /** Behind the header. */
  public enum Field implements TableField {
    /** Physical address size 14:8, virtual address size 21:15. */
    IV_INFO(number(36, 4)),
    RESERVED_40(reserved(40, 8));

    private final FieldSpec spec;

    Field(FieldSpec spec) {
      this.spec = spec;
    }

    @Override
    public FieldSpec spec() {
      return spec;
    }
  }

  /** I/O virtualization hardware definition, of an IOMMU (48882, 5.2.2.1). */
  public enum Hardware implements TableField {
    TYPE(number(0, 1)),
    FLAGS(number(1, 1)),
    LENGTH(number(2, 2)),
    /** Bus 15:8, device 7:3, function 2:0 of the IOMMU itself. */
    DEVICE_ID(number(4, 2)),
    /** Where its capability is in configuration space. */
    CAPABILITY_OFFSET(number(6, 2)),
    BASE_ADDRESS(number(8, 8)),
    PCI_SEGMENT(number(16, 2)),
    /** MSI number 4:0, unit id 12:8. */
    IOMMU_INFO(number(18, 2)),
    FEATURES(number(20, 4));

    private final FieldSpec spec;

    Hardware(FieldSpec spec) {
      this.spec = spec;
    }

    @Override
    public FieldSpec spec() {
      return spec;
    }
  }

  /** Of an IOMMU: who is behind it, entries of 4 or 8 bytes by the upper two bits of their first (48882, 5.2.2.2). */
  public static final TablePart DEVICES = TablePart.data("device entries");
  /** An IOMMU. */
  public static final StructureLayout HARDWARE = StructureLayout.entry("IOMMU", 0x10, "AMD 48882, 5.2.2.1", Hardware.values(), DEVICES);
  /** All of it. */
  public static final StructureLayout LAYOUT = StructureLayout.table("IVRS", "AMD 48882, 5.2", Field.values(),
      TablePart.entries("blocks", new EntryForm(0, 1, 2, 2), HARDWARE));

  private Ivrs() {}
}
