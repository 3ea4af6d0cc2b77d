// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.pl061;

import static org.xenolith.acpi.codec.FieldSpec.number;

import java.nio.charset.StandardCharsets;
import org.xenolith.acpi.codec.AcpiException;
import org.xenolith.acpi.codec.FieldSpec;
import org.xenolith.acpi.codec.TablePart;
import org.xenolith.acpi.codec.ResourceTemplate;
import org.xenolith.acpi.codec.Structure;
import org.xenolith.acpi.codec.StructureBuilder;
import org.xenolith.acpi.codec.StructureLayout;
import org.xenolith.acpi.codec.TableField;
import org.xenolith.acpi.codec.aml.AmlName;
import org.xenolith.acpi.codec.aml.AmlNamespace;
import org.xenolith.firmware.api.FoundMachine;

/** GPIO Interrupt Connection Descriptor with one pin (ACPI 6.5, 6.4.3.8.1). */
enum GpioInterrupt implements TableField {
  TAG(number(0, 1)),
  LENGTH(number(1, 2)),
  REVISION(number(3, 1)),
  CONNECTION_TYPE(number(4, 1)),
  GENERAL_FLAGS(number(5, 2)),
  INTERRUPT_FLAGS(number(7, 2)),
  PIN_CONFIGURATION(number(9, 1)),
  DRIVE_STRENGTH(number(10, 2)),
  DEBOUNCE_TIMEOUT(number(12, 2)),
  PIN_TABLE_OFFSET(number(14, 2)),
  RESOURCE_SOURCE_INDEX(number(16, 1)),
  RESOURCE_SOURCE_OFFSET(number(17, 2)),
  VENDOR_DATA_OFFSET(number(19, 2)),
  VENDOR_DATA_LENGTH(number(21, 2)),
  PIN(number(23, 2));

  private static final int CONSUMER = 1;
  private static final int EDGE = 1;
  private static final int ACTIVE_LOW = 1 << 1;
  private static final int WAKE = 1 << 4;
  private static final TablePart SOURCE = new TablePart.Data("resource source", RESOURCE_SOURCE_OFFSET, null);
  private static final StructureLayout LAYOUT =
      StructureLayout.entry("GPIO interrupt", 0x8c, "ACPI 6.5, 6.4.3.8.1", values(), SOURCE);

  private final FieldSpec spec;

  GpioInterrupt(FieldSpec spec) {
    this.spec = spec;
  }

  @Override
  public FieldSpec spec() {
    return spec;
  }

  /**
   * An edge of a pin that may wake the machine.
   *
   * @param controller its path in the namespace
   */
  static StructureBuilder edge(String controller, int pin, boolean activeLow) {
    byte[] source = (controller + "\0").getBytes(StandardCharsets.US_ASCII);
    return StructureBuilder.of(LAYOUT).set(REVISION, 1).set(GENERAL_FLAGS, CONSUMER)
        .set(INTERRUPT_FLAGS, EDGE | WAKE | (activeLow ? ACTIVE_LOW : 0)).set(PIN_TABLE_OFFSET, PIN.spec.offset()).set(PIN, pin)
        .set(VENDOR_DATA_OFFSET, PIN.spec.end() + source.length).add(SOURCE, source);
  }


  /** Whether an event's pin is active low, as {@code _AEI} of its controller says; no if it doesn't say. */
  static boolean activeLow(FoundMachine machine, String controller, int pin) {
    byte[] events = machine.namespace().constant(AmlName.of(controller), "_AEI").flatMap(AmlNamespace::bytes).orElse(new byte[] {0x79});
    try {
      for (Structure descriptor : ResourceTemplate.read(controller + "._AEI", events)) {
        byte[] bytes = descriptor.bytes();
        if ((bytes[0] & 0xff) == LAYOUT.type() && bytes.length >= LAYOUT.size()) {
          Structure event = Structure.read(controller + "._AEI", bytes, LAYOUT);
          if (event.get(PIN_TABLE_OFFSET) == PIN.spec.offset() && event.get(PIN) == pin) {
            return (event.get(INTERRUPT_FLAGS) & ACTIVE_LOW) != 0;
          }
        }
      }
    } catch (AcpiException e) {
      machine.untold(e.table() + ", offset 0x" + Long.toHexString(e.offset()), e.what(), e.remedy());
    }
    return false;
  }
}
