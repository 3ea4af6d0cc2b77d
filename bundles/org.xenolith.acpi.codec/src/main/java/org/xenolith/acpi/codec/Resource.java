// SPDX-License-Identifier: EPL-2.0
package org.xenolith.acpi.codec;

import static org.xenolith.acpi.codec.FieldSpec.number;

/** The resource descriptors that boards use (ACPI 6.5, 6.4). */
public final class Resource {
  /** I/O Port Descriptor (ACPI 6.5, 6.4.2.5), one of the small ones. */
  public enum IoPort implements TableField {
    TAG(number(0, 1)),
    /** {@link #DECODES_16_BITS}. */
    INFORMATION(number(1, 1)),
    MINIMUM(number(2, 2)),
    MAXIMUM(number(4, 2)),
    ALIGNMENT(number(6, 1)),
    RANGE_LENGTH(number(7, 1));

    private final FieldSpec spec;

    IoPort(FieldSpec spec) {
      this.spec = spec;
    }

    @Override
    public FieldSpec spec() {
      return spec;
    }
  }

  /** 32-bit Fixed Memory Range Descriptor (ACPI 6.5, 6.4.3.4). */
  public enum FixedMemory32 implements TableField {
    TAG(number(0, 1)),
    LENGTH(number(1, 2)),
    INFORMATION(number(3, 1)),
    BASE_ADDRESS(number(4, 4)),
    RANGE_LENGTH(number(8, 4));

    private final FieldSpec spec;

    FixedMemory32(FieldSpec spec) {
      this.spec = spec;
    }

    @Override
    public FieldSpec spec() {
      return spec;
    }
  }

  /** Word Address Space Descriptor (ACPI 6.5, 6.4.3.5.3). */
  public enum WordAddressSpace implements TableField {
    TAG(number(0, 1)),
    LENGTH(number(1, 2)),
    RESOURCE_TYPE(number(3, 1)),
    GENERAL_FLAGS(number(4, 1)),
    TYPE_FLAGS(number(5, 1)),
    GRANULARITY(number(6, 2)),
    MINIMUM(number(8, 2)),
    MAXIMUM(number(10, 2)),
    TRANSLATION(number(12, 2)),
    ADDRESS_LENGTH(number(14, 2));

    private final FieldSpec spec;

    WordAddressSpace(FieldSpec spec) {
      this.spec = spec;
    }

    @Override
    public FieldSpec spec() {
      return spec;
    }
  }

  /** Dword Address Space Descriptor (ACPI 6.5, 6.4.3.5.2). */
  public enum DwordAddressSpace implements TableField {
    TAG(number(0, 1)),
    LENGTH(number(1, 2)),
    RESOURCE_TYPE(number(3, 1)),
    GENERAL_FLAGS(number(4, 1)),
    TYPE_FLAGS(number(5, 1)),
    GRANULARITY(number(6, 4)),
    MINIMUM(number(10, 4)),
    MAXIMUM(number(14, 4)),
    TRANSLATION(number(18, 4)),
    ADDRESS_LENGTH(number(22, 4));

    private final FieldSpec spec;

    DwordAddressSpace(FieldSpec spec) {
      this.spec = spec;
    }

    @Override
    public FieldSpec spec() {
      return spec;
    }
  }

  /** Qword Address Space Descriptor (ACPI 6.5, 6.4.3.5.1). */
  public enum QwordAddressSpace implements TableField {
    TAG(number(0, 1)),
    LENGTH(number(1, 2)),
    RESOURCE_TYPE(number(3, 1)),
    GENERAL_FLAGS(number(4, 1)),
    TYPE_FLAGS(number(5, 1)),
    GRANULARITY(number(6, 8)),
    MINIMUM(number(14, 8)),
    MAXIMUM(number(22, 8)),
    TRANSLATION(number(30, 8)),
    ADDRESS_LENGTH(number(38, 8));

    private final FieldSpec spec;

    QwordAddressSpace(FieldSpec spec) {
      this.spec = spec;
    }

    @Override
    public FieldSpec spec() {
      return spec;
    }
  }

  /** Extended Interrupt Descriptor (ACPI 6.5, 6.4.3.6). */
  public enum ExtendedInterrupt implements TableField {
    TAG(number(0, 1)),
    LENGTH(number(1, 2)),
    FLAGS(number(3, 1)),
    COUNT(number(4, 1));

    private final FieldSpec spec;

    ExtendedInterrupt(FieldSpec spec) {
      this.spec = spec;
    }

    @Override
    public FieldSpec spec() {
      return spec;
    }
  }

  /** One of its interrupts. */
  public enum Number implements TableField {
    GSIV(number(0, 4));

    private final FieldSpec spec;

    Number(FieldSpec spec) {
      this.spec = spec;
    }

    @Override
    public FieldSpec spec() {
      return spec;
    }
  }

  /** I/O ports. */
  public static final StructureLayout IO_PORT = StructureLayout.entry("I/O ports", 0x47, "ACPI 6.5, 6.4.2.5", IoPort.values());
  /** Memory below 4 GiB at a place that doesn't change. */
  public static final StructureLayout FIXED_MEMORY_32 = StructureLayout.entry("fixed memory", 0x86, "ACPI 6.5, 6.4.3.4", FixedMemory32
      .values());
  /** A range of addresses. */
  public static final StructureLayout DWORD_ADDRESS_SPACE = StructureLayout.entry("dword address space", 0x87, "ACPI 6.5, 6.4.3.5.2",
      DwordAddressSpace.values());
  /** A range of buses, or of ports. */
  public static final StructureLayout WORD_ADDRESS_SPACE = StructureLayout.entry("word address space", 0x88, "ACPI 6.5, 6.4.3.5.3",
      WordAddressSpace.values());
  /** A range of addresses. */
  public static final StructureLayout QWORD_ADDRESS_SPACE = StructureLayout.entry("qword address space", 0x8a, "ACPI 6.5, 6.4.3.5.1",
      QwordAddressSpace.values());
  /** An interrupt. */
  public static final StructureLayout NUMBER = StructureLayout.of("interrupt", "ACPI 6.5, 6.4.3.6", Number.values());
  /** Interrupts. */
  public static final StructureLayout EXTENDED_INTERRUPT = StructureLayout.entry("extended interrupt", 0x89, "ACPI 6.5, 6.4.3.6",
      ExtendedInterrupt.values(),
      new TablePart.Elements("interrupts", null, ExtendedInterrupt.COUNT, NUMBER));
  /** INFORMATION of ports: all 16 bits of an address count. */
  public static final int DECODES_16_BITS = 1;
  /** RESOURCE_TYPE: memory. */
  public static final int MEMORY = 0;
  /** RESOURCE_TYPE: I/O ports. */
  public static final int IO = 1;
  /** RESOURCE_TYPE: buses. */
  public static final int BUS = 2;
  /** GENERAL_FLAGS: the minimum doesn't change. */
  public static final int MINIMUM_FIXED = 4;
  /** GENERAL_FLAGS: the maximum doesn't change. */
  public static final int MAXIMUM_FIXED = 8;
  /** FLAGS of an interrupt: the device uses it itself. */
  public static final int CONSUMER = 1;
  /** FLAGS of an interrupt: edge-triggered. */
  public static final int EDGE = 2;
  /** FLAGS of an interrupt: active low. */
  public static final int ACTIVE_LOW = 4;
  /** INFORMATION of fixed memory, TYPE_FLAGS of memory: it can be written. */
  public static final int READ_WRITE = 1;
  /** TYPE_FLAGS of memory: cacheable and prefetchable (bits 1 and 2). */
  public static final int PREFETCHABLE = 6;
  /** TYPE_FLAGS of ports: they are reached through memory (_TTP). */
  public static final int TRANSLATED_IO = 16;

  /** Memory of a device, readable and writable. */
  public static StructureBuilder memory(long base, long length) {
    return StructureBuilder.of(FIXED_MEMORY_32).set(FixedMemory32.INFORMATION, READ_WRITE)
        .set(FixedMemory32.BASE_ADDRESS, base).set(FixedMemory32.RANGE_LENGTH, length);
  }

  /**
   * I/O ports of a device, at a place that doesn't change.
   *
   * @param count 1 to 255
   */
  public static StructureBuilder ports(int first, int count) {
    return StructureBuilder.of(IO_PORT).set(IoPort.INFORMATION, DECODES_16_BITS).set(IoPort.MINIMUM, first).set(IoPort.MAXIMUM, first)
        .set(IoPort.ALIGNMENT, 1).set(IoPort.RANGE_LENGTH, count);
  }

  /** An interrupt of a device: level-triggered and active high, or as {@code flags} say. */
  public static StructureBuilder interrupt(long gsiv, int flags) {
    return StructureBuilder.of(EXTENDED_INTERRUPT).set(ExtendedInterrupt.FLAGS, CONSUMER | flags)
        .add(StructureBuilder.of(NUMBER).set(Number.GSIV, gsiv));
  }

  /**
   * A window of a host bridge, at addresses that don't change.
   *
   * @param type        {@link #MEMORY} or {@link #IO}
   * @param typeFlags   of that type
   * @param base        first address on the bus
   * @param length      in bytes
   * @param translation what is added to an address of the bus to come to the processor's
   */
  public static StructureBuilder window(int type, int typeFlags, long base, long length, long translation) {
    return StructureBuilder.of(QWORD_ADDRESS_SPACE).set(QwordAddressSpace.RESOURCE_TYPE, type)
        .set(QwordAddressSpace.GENERAL_FLAGS, MINIMUM_FIXED | MAXIMUM_FIXED).set(QwordAddressSpace.TYPE_FLAGS, typeFlags)
        .set(QwordAddressSpace.MINIMUM, base).set(QwordAddressSpace.MAXIMUM, base + length - 1)
        .set(QwordAddressSpace.TRANSLATION, translation).set(QwordAddressSpace.ADDRESS_LENGTH, length);
  }

  /** The buses of a host bridge. */
  public static StructureBuilder buses(int first, int count) {
    return StructureBuilder.of(WORD_ADDRESS_SPACE).set(WordAddressSpace.RESOURCE_TYPE, BUS)
        .set(WordAddressSpace.GENERAL_FLAGS, MINIMUM_FIXED | MAXIMUM_FIXED).set(WordAddressSpace.MINIMUM, first)
        .set(WordAddressSpace.MAXIMUM, first + count - 1).set(WordAddressSpace.ADDRESS_LENGTH, count);
  }

  private Resource() {}
}
