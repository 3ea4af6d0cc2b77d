// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.ioapic;

import org.osgi.service.component.annotations.Component;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;

/** Offers the I/O APIC to machines. */
@Component(service = DeviceModelFactory.class, property = "xenolith.compatible=intel,ce4100-ioapic")
public final class IoApicComponent implements DeviceModelFactory {
  static final ModelDescription DESCRIPTION = new ModelDescription("I/O APIC",
      "I/O APIC of 24 inputs, version 0x20: interrupt lines become messages to local APICs",
      "Intel 82093AA datasheet (290566-001); Intel I/O Controller Hub 9 datasheet, 13.5 (version 0x20 with EOI register)");

  @Override
  public ModelDescription description() {
    return DESCRIPTION;
  }

  @Override
  public DeviceModel create(DeviceContext context) {
    return new IoApic(context);
  }
}
