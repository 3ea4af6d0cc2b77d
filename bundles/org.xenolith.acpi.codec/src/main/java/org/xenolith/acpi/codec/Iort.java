// SPDX-License-Identifier: EPL-2.0
package org.xenolith.acpi.codec;

import static org.xenolith.acpi.codec.FieldSpec.number;
import static org.xenolith.acpi.codec.FieldSpec.reserved;

import java.util.List;

/** I/O Remapping Table: which ids devices have at SMMUs and ITSs (Arm DEN0049E.e). */
public final class Iort {
  /** Behind the header. */
  public enum Field implements TableField {
    NODE_COUNT(number(36, 4)),
    NODE_OFFSET(number(40, 4)),
    RESERVED_44(reserved(44, 4));

    private final FieldSpec spec;

    Field(FieldSpec spec) {
      this.spec = spec;
    }

    @Override
    public FieldSpec spec() {
      return spec;
    }
  }

  /** ID mapping (DEN0049, table 4). */
  public enum Mapping implements TableField {
    INPUT_BASE(number(0, 4)),
    /** The number of ids less one. */
    ID_COUNT(number(4, 4)),
    OUTPUT_BASE(number(8, 4)),
    /** Offset of the node from the start of the table. */
    OUTPUT_REFERENCE(number(12, 4)),
    FLAGS(number(16, 4));

    private final FieldSpec spec;

    Mapping(FieldSpec spec) {
      this.spec = spec;
    }

    @Override
    public FieldSpec spec() {
      return spec;
    }
  }

  /** ITS group (DEN0049, 3.1.1.1). */
  public enum ItsGroup implements TableField {
    TYPE(number(0, 1)),
    LENGTH(number(1, 2)),
    REVISION(number(3, 1)),
    IDENTIFIER(number(4, 4)),
    MAPPING_COUNT(number(8, 4)),
    MAPPING_OFFSET(number(12, 4)),
    ITS_COUNT(number(16, 4));

    private final FieldSpec spec;

    ItsGroup(FieldSpec spec) {
      this.spec = spec;
    }

    @Override
    public FieldSpec spec() {
      return spec;
    }
  }

  /** Named component (DEN0049, 3.1.1.2). */
  public enum NamedComponent implements TableField {
    TYPE(number(0, 1)),
    LENGTH(number(1, 2)),
    REVISION(number(3, 1)),
    IDENTIFIER(number(4, 4)),
    MAPPING_COUNT(number(8, 4)),
    MAPPING_OFFSET(number(12, 4)),
    FLAGS(number(16, 4)),
    MEMORY_PROPERTIES(number(20, 8)),
    ADDRESS_SIZE_LIMIT(number(28, 1));

    private final FieldSpec spec;

    NamedComponent(FieldSpec spec) {
      this.spec = spec;
    }

    @Override
    public FieldSpec spec() {
      return spec;
    }
  }

  /** Root complex (DEN0049, 3.1.1.3). */
  public enum RootComplex implements TableField {
    TYPE(number(0, 1)),
    LENGTH(number(1, 2)),
    REVISION(number(3, 1)),
    IDENTIFIER(number(4, 4)),
    MAPPING_COUNT(number(8, 4)),
    MAPPING_OFFSET(number(12, 4)),
    MEMORY_PROPERTIES(number(16, 8)),
    ATS_ATTRIBUTE(number(24, 4)),
    PCI_SEGMENT(number(28, 4)),
    ADDRESS_SIZE_LIMIT(number(32, 1)),
    PASID_CAPABILITIES(number(33, 2)),
    RESERVED_35(reserved(35, 1)),
    FLAGS(number(36, 4));

    private final FieldSpec spec;

    RootComplex(FieldSpec spec) {
      this.spec = spec;
    }

    @Override
    public FieldSpec spec() {
      return spec;
    }
  }

  /** SMMUv1 or SMMUv2 (DEN0049, 3.1.1.4). */
  public enum SmmuV2 implements TableField {
    TYPE(number(0, 1)),
    LENGTH(number(1, 2)),
    REVISION(number(3, 1)),
    IDENTIFIER(number(4, 4)),
    MAPPING_COUNT(number(8, 4)),
    MAPPING_OFFSET(number(12, 4)),
    BASE_ADDRESS(number(16, 8)),
    SPAN(number(24, 8)),
    MODEL(number(32, 4)),
    FLAGS(number(36, 4)),
    GLOBAL_INTERRUPT_OFFSET(number(40, 4)),
    CONTEXT_INTERRUPT_COUNT(number(44, 4)),
    CONTEXT_INTERRUPT_OFFSET(number(48, 4)),
    PMU_INTERRUPT_COUNT(number(52, 4)),
    PMU_INTERRUPT_OFFSET(number(56, 4));

    private final FieldSpec spec;

    SmmuV2(FieldSpec spec) {
      this.spec = spec;
    }

    @Override
    public FieldSpec spec() {
      return spec;
    }
  }

  /** SMMUv3 (DEN0049, 3.1.1.5). */
  public enum SmmuV3 implements TableField {
    TYPE(number(0, 1)),
    LENGTH(number(1, 2)),
    REVISION(number(3, 1)),
    IDENTIFIER(number(4, 4)),
    MAPPING_COUNT(number(8, 4)),
    MAPPING_OFFSET(number(12, 4)),
    BASE_ADDRESS(number(16, 8)),
    FLAGS(number(24, 4)),
    RESERVED_28(reserved(28, 4)),
    VATOS_ADDRESS(number(32, 8)),
    MODEL(number(40, 4)),
    EVENT_GSIV(number(44, 4)),
    PRI_GSIV(number(48, 4)),
    GERR_GSIV(number(52, 4)),
    SYNC_GSIV(number(56, 4)),
    PROXIMITY_DOMAIN(number(60, 4)),
    DEVICE_ID_MAPPING_INDEX(number(64, 4));

    private final FieldSpec spec;

    SmmuV3(FieldSpec spec) {
      this.spec = spec;
    }

    @Override
    public FieldSpec spec() {
      return spec;
    }
  }

  /** Performance monitor counter group (DEN0049, 3.1.1.6). */
  public enum Pmcg implements TableField {
    TYPE(number(0, 1)),
    LENGTH(number(1, 2)),
    REVISION(number(3, 1)),
    IDENTIFIER(number(4, 4)),
    MAPPING_COUNT(number(8, 4)),
    MAPPING_OFFSET(number(12, 4)),
    PAGE_0_BASE_ADDRESS(number(16, 8)),
    OVERFLOW_INTERRUPT_GSIV(number(24, 4)),
    NODE_REFERENCE(number(28, 4)),
    PAGE_1_BASE_ADDRESS(number(32, 8));

    private final FieldSpec spec;

    Pmcg(FieldSpec spec) {
      this.spec = spec;
    }

    @Override
    public FieldSpec spec() {
      return spec;
    }
  }

  /** Reserved memory range (DEN0049, 3.1.1.7). */
  public enum Rmr implements TableField {
    TYPE(number(0, 1)),
    LENGTH(number(1, 2)),
    REVISION(number(3, 1)),
    IDENTIFIER(number(4, 4)),
    MAPPING_COUNT(number(8, 4)),
    MAPPING_OFFSET(number(12, 4)),
    FLAGS(number(16, 4)),
    DESCRIPTOR_COUNT(number(20, 4)),
    DESCRIPTOR_OFFSET(number(24, 4));

    private final FieldSpec spec;

    Rmr(FieldSpec spec) {
      this.spec = spec;
    }

    @Override
    public FieldSpec spec() {
      return spec;
    }
  }

  /** The id that the MADT gives an ITS. */
  public enum ItsId implements TableField {
    GIC_ITS_ID(number(0, 4));

    private final FieldSpec spec;

    ItsId(FieldSpec spec) {
      this.spec = spec;
    }

    @Override
    public FieldSpec spec() {
      return spec;
    }
  }

  /** An interrupt of an SMMUv2. */
  public enum Interrupt implements TableField {
    GSIV(number(0, 4)),
    FLAGS(number(4, 4));

    private final FieldSpec spec;

    Interrupt(FieldSpec spec) {
      this.spec = spec;
    }

    @Override
    public FieldSpec spec() {
      return spec;
    }
  }

  /** A reserved memory range descriptor. */
  public enum Range implements TableField {
    BASE_ADDRESS(number(0, 8)),
    LENGTH(number(8, 8)),
    RESERVED_16(reserved(16, 4));

    private final FieldSpec spec;

    Range(FieldSpec spec) {
      this.spec = spec;
    }

    @Override
    public FieldSpec spec() {
      return spec;
    }
  }

  /** From input ids to those of another node. */
  public static final StructureLayout MAPPING = StructureLayout.of("ID mapping", "DEN0049, table 4", Mapping.values());
  /** An ITS of a group. */
  public static final StructureLayout ITS_ID = StructureLayout.of("ITS", "DEN0049, 3.1", ItsId.values());
  /** An interrupt of an SMMUv2. */
  public static final StructureLayout INTERRUPT = StructureLayout.of("interrupt", "DEN0049, 3.1", Interrupt.values());
  /** A reserved memory range. */
  public static final StructureLayout RANGE = StructureLayout.of("memory range", "DEN0049, 3.1", Range.values());
  /** Of a named component: its path in the namespace, ends with a NUL. */
  public static final TablePart NAME = TablePart.data("object name");
  /** ITS group. */
  public static final StructureLayout ITS_GROUP = StructureLayout.entry("ITS group", 0, "DEN0049, 3.1.1.1", ItsGroup.values(),
      new TablePart.Elements("ITSs", null, ItsGroup.ITS_COUNT, ITS_ID),
      mappings(ItsGroup.MAPPING_OFFSET, ItsGroup.MAPPING_COUNT));
  /** Named component. */
  public static final StructureLayout NAMED_COMPONENT = StructureLayout.entry("named component", 1, "DEN0049, 3.1.1.2", NamedComponent
      .values(),
      NAME,
      mappings(NamedComponent.MAPPING_OFFSET, NamedComponent.MAPPING_COUNT));
  /** Root complex. */
  public static final StructureLayout ROOT_COMPLEX = StructureLayout.entry("root complex", 2, "DEN0049, 3.1.1.3", RootComplex.values(),
      mappings(RootComplex.MAPPING_OFFSET, RootComplex.MAPPING_COUNT));
  /** SMMUv1 or SMMUv2. */
  public static final StructureLayout SMMU_V2 = StructureLayout.entry("SMMUv1 or SMMUv2", 3, "DEN0049, 3.1.1.4", SmmuV2.values(),
      new TablePart.Elements("global interrupts", SmmuV2.GLOBAL_INTERRUPT_OFFSET, null, INTERRUPT),
      new TablePart.Elements("context interrupts", SmmuV2.CONTEXT_INTERRUPT_OFFSET, SmmuV2.CONTEXT_INTERRUPT_COUNT, INTERRUPT),
      new TablePart.Elements("PMU interrupts", SmmuV2.PMU_INTERRUPT_OFFSET, SmmuV2.PMU_INTERRUPT_COUNT, INTERRUPT),
      mappings(SmmuV2.MAPPING_OFFSET, SmmuV2.MAPPING_COUNT));
  /** SMMUv3. */
  public static final StructureLayout SMMU_V3 = StructureLayout.entry("SMMUv3", 4, "DEN0049, 3.1.1.5", SmmuV3.values(),
      mappings(SmmuV3.MAPPING_OFFSET, SmmuV3.MAPPING_COUNT));
  /** Performance monitor counter group. */
  public static final StructureLayout PMCG = StructureLayout.entry("performance monitor counter group", 5, "DEN0049, 3.1.1.6", Pmcg
      .values(),
      mappings(Pmcg.MAPPING_OFFSET, Pmcg.MAPPING_COUNT));
  /** Reserved memory range. */
  public static final StructureLayout RMR = StructureLayout.entry("reserved memory range", 6, "DEN0049, 3.1.1.7", Rmr.values(),
      new TablePart.Elements("memory ranges", Rmr.DESCRIPTOR_OFFSET, Rmr.DESCRIPTOR_COUNT, RANGE),
      mappings(Rmr.MAPPING_OFFSET, Rmr.MAPPING_COUNT));
  /** All of it. */
  public static final StructureLayout LAYOUT = StructureLayout.table("IORT", "DEN0049", Field.values(), new TablePart.Entries("nodes",
      Field.NODE_OFFSET,
      Field.NODE_COUNT, EntryForm.WORD_LENGTH, List.of(ITS_GROUP, NAMED_COMPONENT, ROOT_COMPLEX, SMMU_V2, SMMU_V3, PMCG, RMR)));

  private static TablePart mappings(TableField offset, TableField count) {
    return new TablePart.Elements("ID mappings", offset, count, MAPPING);
  }

  private Iort() {}
}
