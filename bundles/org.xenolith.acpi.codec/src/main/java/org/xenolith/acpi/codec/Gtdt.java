// SPDX-License-Identifier: EPL-2.0
package org.xenolith.acpi.codec;

import static org.xenolith.acpi.codec.FieldSpec.number;
import static org.xenolith.acpi.codec.FieldSpec.reserved;

import java.util.List;

/** Generic Timer Description Table (ACPI 6.5, 5.2.24). */
public final class Gtdt {
  /** Behind the header. */
  public enum Field implements TableField {
    CNT_CONTROL_BASE(number(36, 8)),
    RESERVED_44(reserved(44, 4)),
    SECURE_EL1_GSIV(number(48, 4)),
    SECURE_EL1_FLAGS(number(52, 4)),
    NON_SECURE_EL1_GSIV(number(56, 4)),
    NON_SECURE_EL1_FLAGS(number(60, 4)),
    VIRTUAL_EL1_GSIV(number(64, 4)),
    VIRTUAL_EL1_FLAGS(number(68, 4)),
    EL2_GSIV(number(72, 4)),
    EL2_FLAGS(number(76, 4)),
    CNT_READ_BASE(number(80, 8)),
    PLATFORM_TIMER_COUNT(number(88, 4)),
    PLATFORM_TIMER_OFFSET(number(92, 4)),
    /** Since revision 3, as its flags. */
    VIRTUAL_EL2_GSIV(number(96, 4)),
    VIRTUAL_EL2_FLAGS(number(100, 4));

    private final FieldSpec spec;

    Field(FieldSpec spec) {
      this.spec = spec;
    }

    @Override
    public FieldSpec spec() {
      return spec;
    }
  }

  /** A timer of a block (ACPI 6.5, 5.2.24.1.1). */
  public enum Frame implements TableField {
    FRAME_NUMBER(number(0, 1)),
    RESERVED_1(reserved(1, 3)),
    CNT_BASE(number(4, 8)),
    CNT_EL0_BASE(number(12, 8)),
    PHYSICAL_GSIV(number(20, 4)),
    PHYSICAL_FLAGS(number(24, 4)),
    VIRTUAL_GSIV(number(28, 4)),
    VIRTUAL_FLAGS(number(32, 4)),
    COMMON_FLAGS(number(36, 4));

    private final FieldSpec spec;

    Frame(FieldSpec spec) {
      this.spec = spec;
    }

    @Override
    public FieldSpec spec() {
      return spec;
    }
  }

  /** GT Block (ACPI 6.5, 5.2.24.1.1). */
  public enum Block implements TableField {
    TYPE(number(0, 1)),
    LENGTH(number(1, 2)),
    RESERVED_3(reserved(3, 1)),
    CNT_CTL_BASE(number(4, 8)),
    TIMER_COUNT(number(12, 4)),
    TIMER_OFFSET(number(16, 4));

    private final FieldSpec spec;

    Block(FieldSpec spec) {
      this.spec = spec;
    }

    @Override
    public FieldSpec spec() {
      return spec;
    }
  }

  /** Arm Generic Watchdog (ACPI 6.5, 5.2.24.1.2). */
  public enum Watchdog implements TableField {
    TYPE(number(0, 1)),
    LENGTH(number(1, 2)),
    RESERVED_3(reserved(3, 1)),
    REFRESH_FRAME(number(4, 8)),
    CONTROL_FRAME(number(12, 8)),
    GSIV(number(20, 4)),
    FLAGS(number(24, 4));

    private final FieldSpec spec;

    Watchdog(FieldSpec spec) {
      this.spec = spec;
    }

    @Override
    public FieldSpec spec() {
      return spec;
    }
  }

  /** A timer of a block. */
  public static final StructureLayout FRAME = StructureLayout.of("GT Block Timer", "ACPI 6.5, 5.2.24.1.1", Frame.values());
  /** Timers in memory. */
  public static final StructureLayout BLOCK = StructureLayout.entry("GT Block", 0, "ACPI 6.5, 5.2.24.1.1", Block.values(),
      new TablePart.Elements("timers", Block.TIMER_OFFSET, Block.TIMER_COUNT, FRAME));
  /** A watchdog. */
  public static final StructureLayout WATCHDOG = StructureLayout.entry("Arm Generic Watchdog", 1, "ACPI 6.5, 5.2.24.1.2", Watchdog
      .values());
  /** All of it. */
  public static final StructureLayout LAYOUT = StructureLayout.table("GTDT", "ACPI 6.5, 5.2.24", Field.values(),
      new TablePart.Entries("platform timers", Field.PLATFORM_TIMER_OFFSET, Field.PLATFORM_TIMER_COUNT, EntryForm.WORD_LENGTH,
          List.of(BLOCK, WATCHDOG)));
  /** Flags of an interrupt: edge-triggered. */
  public static final long EDGE = 1;
  /** Flags of an interrupt: active low. */
  public static final long ACTIVE_LOW = 2;
  /** Flags of a timer: it goes on in low-power states. */
  public static final long ALWAYS_ON = 4;
  /** A base that isn't there. */
  public static final long NO_ADDRESS = -1L;

  private Gtdt() {}
}
