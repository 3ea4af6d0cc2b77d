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

  /** I/O virtualization hardware definition with the extended features of an IOMMU (48882, 5.2.2.1, types 11h and 40h). */
  public enum ExtendedHardware implements TableField {
    TYPE(number(0, 1)),
    FLAGS(number(1, 1)),
    LENGTH(number(2, 2)),
    /** As in {@link Hardware}. */
    DEVICE_ID(number(4, 2)),
    CAPABILITY_OFFSET(number(6, 2)),
    BASE_ADDRESS(number(8, 8)),
    PCI_SEGMENT(number(16, 2)),
    IOMMU_INFO(number(18, 2)),
    ATTRIBUTES(number(20, 4)),
    /** Image of the extended feature register. */
    EXTENDED_FEATURES(number(24, 8)),
    /** Image of the second one. */
    EXTENDED_FEATURES_2(number(32, 8));

    private final FieldSpec spec;

    ExtendedHardware(FieldSpec spec) {
      this.spec = spec;
    }

    @Override
    public FieldSpec spec() {
      return spec;
    }
  }

  /** I/O virtualization memory definition: memory that firmware has for devices (48882, 5.2.2.3). */
  public enum Memory implements TableField {
    TYPE(number(0, 1)),
    /** Unity 0, IR 1, IW 2, exclusion range 3. */
    FLAGS(number(1, 1)),
    LENGTH(number(2, 2)),
    /** The device, or the first of several. */
    DEVICE_ID(number(4, 2)),
    /** The last of several devices. */
    AUXILIARY(number(6, 2)),
    RESERVED_8(reserved(8, 8)),
    START_ADDRESS(number(16, 8)),
    BLOCK_LENGTH(number(24, 8));

    private final FieldSpec spec;

    Memory(FieldSpec spec) {
      this.spec = spec;
    }

    @Override
    public FieldSpec spec() {
      return spec;
    }
  }

  /** Memory of one device. */
  public static final StructureLayout MEMORY_OF_DEVICE = StructureLayout.entry("memory of a device", 0x21, "AMD 48882, 5.2.2.3", Memory
      .values());
  /** Memory of several devices. */
  public static final StructureLayout MEMORY_OF_DEVICES = StructureLayout.entry("memory of devices", 0x22, "AMD 48882, 5.2.2.3", Memory
      .values());
  /** Of an IOMMU: who is behind it, entries of 4 or 8 bytes by the upper two bits of their first (48882, 5.2.2.2). */
  public static final TablePart DEVICES = TablePart.data("device entries");
  /** An IOMMU. */
  public static final StructureLayout HARDWARE = StructureLayout.entry("IOMMU", 0x10, "AMD 48882, 5.2.2.1", Hardware.values(), DEVICES);
  /** An IOMMU with its extended features; its device entries as those of type 10h. */
  public static final StructureLayout EXTENDED_HARDWARE = StructureLayout.entry("IOMMU with extended features", 0x11, "AMD 48882, 5.2.2.1",
      ExtendedHardware.values(), DEVICES);
  /** The same whose device entries may name devices by ACPI hardware ids. */
  public static final StructureLayout MIXED_HARDWARE = StructureLayout.entry("IOMMU with ACPI devices", 0x40, "AMD 48882, 5.2.2.1",
      ExtendedHardware.values(), DEVICES);
  /** All of it. */
  public static final StructureLayout LAYOUT = StructureLayout.table("IVRS", "AMD 48882, 5.2", Field.values(),
      TablePart.entries("blocks", new EntryForm(0, 1, 2, 2), HARDWARE, EXTENDED_HARDWARE, MIXED_HARDWARE,
          MEMORY_OF_DEVICE, MEMORY_OF_DEVICES));

  private Ivrs() {}
}
