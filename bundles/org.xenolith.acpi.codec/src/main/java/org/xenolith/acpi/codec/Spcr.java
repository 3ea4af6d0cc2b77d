// SPDX-License-Identifier: EPL-2.0
package org.xenolith.acpi.codec;

import static org.xenolith.acpi.codec.FieldSpec.address;
import static org.xenolith.acpi.codec.FieldSpec.number;
import static org.xenolith.acpi.codec.FieldSpec.reserved;

/** Serial Port Console Redirection Table: the console (Microsoft, 1.10). */
public final class Spcr {
  /** Behind the header. */
  public enum Field implements TableField {
    INTERFACE_TYPE(number(36, 1)),
    RESERVED_37(reserved(37, 3)),
    BASE_ADDRESS(address(40)),
    INTERRUPT_TYPE(number(52, 1)),
    IRQ(number(53, 1)),
    GLOBAL_SYSTEM_INTERRUPT(number(54, 4)),
    CONFIGURED_BAUD_RATE(number(58, 1)),
    PARITY(number(59, 1)),
    STOP_BITS(number(60, 1)),
    FLOW_CONTROL(number(61, 1)),
    TERMINAL_TYPE(number(62, 1)),
    LANGUAGE(number(63, 1)),
    PCI_DEVICE_ID(number(64, 2)),
    PCI_VENDOR_ID(number(66, 2)),
    PCI_BUS(number(68, 1)),
    PCI_DEVICE(number(69, 1)),
    PCI_FUNCTION(number(70, 1)),
    PCI_FLAGS(number(71, 4)),
    PCI_SEGMENT(number(75, 1)),
    UART_CLOCK_FREQUENCY(number(76, 4)),
    /** Since revision 4, as what follows. */
    PRECISE_BAUD_RATE(number(80, 4)),
    NAMESPACE_STRING_LENGTH(number(84, 2)),
    NAMESPACE_STRING_OFFSET(number(86, 2));

    private final FieldSpec spec;

    Field(FieldSpec spec) {
      this.spec = spec;
    }

    @Override
    public FieldSpec spec() {
      return spec;
    }
  }

  /** Path of the device in the namespace. */
  public static final TablePart NAMESPACE = new TablePart.Data("namespace string", Field.NAMESPACE_STRING_OFFSET,
      Field.NAMESPACE_STRING_LENGTH);
  /** All of it. */
  public static final StructureLayout LAYOUT = StructureLayout.table("SPCR", "Microsoft, Serial Port Console Redirection Table 1.10", Field
      .values(), NAMESPACE);
  /** INTERFACE_TYPE: Arm PL011. */
  public static final int PL011 = 3;
  /** INTERRUPT_TYPE: by an I/O APIC. */
  public static final int INTERRUPT_IO_APIC = 2;
  /** INTERRUPT_TYPE: by the GIC. */
  public static final int INTERRUPT_GIC = 8;

  private Spcr() {}
}
