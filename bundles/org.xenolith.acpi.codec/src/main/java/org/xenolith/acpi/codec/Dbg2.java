// SPDX-License-Identifier: EPL-2.0
package org.xenolith.acpi.codec;

import static org.xenolith.acpi.codec.FieldSpec.address;
import static org.xenolith.acpi.codec.FieldSpec.number;
import static org.xenolith.acpi.codec.FieldSpec.reserved;

import java.util.List;

/** Debug Port Table 2 (Microsoft). */
public final class Dbg2 {
  /** Behind the header. */
  public enum Field implements TableField {
    DEVICE_INFORMATION_OFFSET(number(36, 4)),
    DEVICE_INFORMATION_COUNT(number(40, 4));

    private final FieldSpec spec;

    Field(FieldSpec spec) {
      this.spec = spec;
    }

    @Override
    public FieldSpec spec() {
      return spec;
    }
  }

  /** Debug Device Information. */
  public enum Device implements TableField {
    REVISION(number(0, 1)),
    LENGTH(number(1, 2)),
    REGISTER_COUNT(number(3, 1)),
    NAMESPACE_STRING_LENGTH(number(4, 2)),
    NAMESPACE_STRING_OFFSET(number(6, 2)),
    OEM_DATA_LENGTH(number(8, 2)),
    OEM_DATA_OFFSET(number(10, 2)),
    PORT_TYPE(number(12, 2)),
    PORT_SUBTYPE(number(14, 2)),
    RESERVED_16(reserved(16, 2)),
    BASE_ADDRESS_OFFSET(number(18, 2)),
    ADDRESS_SIZE_OFFSET(number(20, 2));

    private final FieldSpec spec;

    Device(FieldSpec spec) {
      this.spec = spec;
    }

    @Override
    public FieldSpec spec() {
      return spec;
    }
  }

  /** A register range. */
  public enum BaseAddress implements TableField {
    ADDRESS(address(0));

    private final FieldSpec spec;

    BaseAddress(FieldSpec spec) {
      this.spec = spec;
    }

    @Override
    public FieldSpec spec() {
      return spec;
    }
  }

  /** Its size. */
  public enum AddressSize implements TableField {
    SIZE(number(0, 4));

    private final FieldSpec spec;

    AddressSize(FieldSpec spec) {
      this.spec = spec;
    }

    @Override
    public FieldSpec spec() {
      return spec;
    }
  }

  /** A register range. */
  public static final StructureLayout BASE_ADDRESS = StructureLayout.of("base address", "Microsoft, Debug Port Table 2", BaseAddress
      .values());
  /** Its size. */
  public static final StructureLayout ADDRESS_SIZE = StructureLayout.of("address size", "Microsoft, Debug Port Table 2", AddressSize
      .values());
  /** Path of the device in the namespace. */
  public static final TablePart NAMESPACE = new TablePart.Data("namespace string", Device.NAMESPACE_STRING_OFFSET,
      Device.NAMESPACE_STRING_LENGTH);
  /** A debug port. */
  public static final StructureLayout DEVICE = StructureLayout.of("debug device information", "Microsoft, Debug Port Table 2", Device
      .values(),
      new TablePart.Elements("base addresses", Device.BASE_ADDRESS_OFFSET, Device.REGISTER_COUNT, BASE_ADDRESS),
      new TablePart.Elements("address sizes", Device.ADDRESS_SIZE_OFFSET, Device.REGISTER_COUNT, ADDRESS_SIZE), NAMESPACE,
      new TablePart.Data("OEM data", Device.OEM_DATA_OFFSET, Device.OEM_DATA_LENGTH));
  /** All of it. */
  public static final StructureLayout LAYOUT = StructureLayout.table("DBG2", "Microsoft, Debug Port Table 2", Field.values(),
      new TablePart.Entries("devices",
          Field.DEVICE_INFORMATION_OFFSET, Field.DEVICE_INFORMATION_COUNT, EntryForm.ONE_KIND, List.of(DEVICE)));
  /** PORT_TYPE: a serial line. */
  public static final int SERIAL = 0x8000;
  /** PORT_SUBTYPE of a serial line: Arm PL011. */
  public static final int PL011 = 3;

  private Dbg2() {}
}
