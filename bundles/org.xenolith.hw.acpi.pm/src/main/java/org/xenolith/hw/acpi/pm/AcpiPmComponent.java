// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.acpi.pm;

import org.osgi.service.component.annotations.Component;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;

/** Offers the fixed hardware to machines. */
@Component(service = DeviceModelFactory.class, property = "xenolith.compatible=" + AcpiPmComponent.COMPATIBLE)
public final class AcpiPmComponent implements DeviceModelFactory {
  static final String COMPATIBLE = "xenolith,acpi-pm";
  static final ModelDescription DESCRIPTION = new ModelDescription("ACPI fixed hardware",
      "Event and control registers, power management timer and reset register of a PC",
      "ACPI 6.5, 4.8.3; Intel I/O Controller Hub 9 datasheet, 13.7.5");

  @Override
  public ModelDescription description() {
    return DESCRIPTION;
  }

  @Override
  public DeviceModel create(DeviceContext context) {
    return new AcpiPm(context);
  }
}
