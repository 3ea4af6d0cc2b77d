// SPDX-License-Identifier: EPL-2.0
package org.xenolith.acpi.codec;

import static org.xenolith.acpi.codec.FieldSpec.number;
import static org.xenolith.acpi.codec.FieldSpec.reserved;
import static org.xenolith.acpi.codec.FieldSpec.text;

/** Processor Properties Topology Table (ACPI 6.5, 5.2.30). */
public final class Pptt {
  /** Processor hierarchy node (ACPI 6.5, 5.2.30.1). */
  public enum Processor implements TableField {
    TYPE(number(0, 1)),
    LENGTH(number(1, 1)),
    RESERVED_2(reserved(2, 2)),
    FLAGS(number(4, 4)),
    PARENT(number(8, 4)),
    ACPI_PROCESSOR_ID(number(12, 4)),
    PRIVATE_RESOURCE_COUNT(number(16, 4));

    private final FieldSpec spec;

    Processor(FieldSpec spec) {
      this.spec = spec;
    }

    @Override
    public FieldSpec spec() {
      return spec;
    }
  }

  /** A resource that is one node's own. */
  public enum Resource implements TableField {
    REFERENCE(number(0, 4));

    private final FieldSpec spec;

    Resource(FieldSpec spec) {
      this.spec = spec;
    }

    @Override
    public FieldSpec spec() {
      return spec;
    }
  }

  /** Cache type structure (ACPI 6.5, 5.2.30.2). */
  public enum Cache implements TableField {
    TYPE(number(0, 1)),
    LENGTH(number(1, 1)),
    RESERVED_2(reserved(2, 2)),
    FLAGS(number(4, 4)),
    NEXT_LEVEL_OF_CACHE(number(8, 4)),
    SIZE(number(12, 4)),
    NUMBER_OF_SETS(number(16, 4)),
    ASSOCIATIVITY(number(20, 1)),
    ATTRIBUTES(number(21, 1)),
    LINE_SIZE(number(22, 2)),
    /** Since revision 3. */
    CACHE_ID(number(24, 4));

    private final FieldSpec spec;

    Cache(FieldSpec spec) {
      this.spec = spec;
    }

    @Override
    public FieldSpec spec() {
      return spec;
    }
  }

  /** ID structure, of revision 1 only (ACPI 6.2, 5.2.29.3). */
  public enum Identity implements TableField {
    TYPE(number(0, 1)),
    LENGTH(number(1, 1)),
    RESERVED_2(reserved(2, 2)),
    VENDOR_ID(text(4, 4)),
    LEVEL_1_ID(number(8, 8)),
    LEVEL_2_ID(number(16, 8)),
    MAJOR_REVISION(number(24, 2)),
    MINOR_REVISION(number(26, 2)),
    SPIN_REVISION(number(28, 2));

    private final FieldSpec spec;

    Identity(FieldSpec spec) {
      this.spec = spec;
    }

    @Override
    public FieldSpec spec() {
      return spec;
    }
  }

  /** A reference to a cache. */
  public static final StructureLayout RESOURCE = StructureLayout.of("private resource", "ACPI 6.5, 5.2.30.1", Resource.values());
  /** A processor, or what holds some. */
  public static final StructureLayout PROCESSOR = StructureLayout.entry("processor hierarchy node", 0, "ACPI 6.5, 5.2.30.1", Processor
      .values(),
      new TablePart.Elements("private resources", null, Processor.PRIVATE_RESOURCE_COUNT, RESOURCE));
  /** A cache. */
  public static final StructureLayout CACHE = StructureLayout.entry("cache", 1, "ACPI 6.5, 5.2.30.2", Cache.values());
  /** Who made a processor. */
  public static final StructureLayout IDENTITY = StructureLayout.entry("ID", 2, "ACPI 6.2, 5.2.29.3", Identity.values());
  /** All of it. */
  public static final StructureLayout LAYOUT = StructureLayout.table("PPTT", "ACPI 6.5, 5.2.30", new TableField[0],
      TablePart.entries("topology", EntryForm.BYTE_LENGTH, PROCESSOR, CACHE, IDENTITY));
  /** FLAGS of a processor node: the boundary of a package. */
  public static final long PHYSICAL_PACKAGE = 1;
  /** FLAGS of a processor node: its id counts. */
  public static final long PROCESSOR_ID_VALID = 2;
  /** FLAGS of a processor node: nothing is below it. */
  public static final long LEAF = 8;

  private Pptt() {}
}
