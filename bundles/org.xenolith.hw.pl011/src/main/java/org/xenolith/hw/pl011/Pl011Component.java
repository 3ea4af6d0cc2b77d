// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.pl011;

import org.osgi.service.component.annotations.Component;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;

/** Offers the PL011 to machines. */
@Component(service = DeviceModelFactory.class, property = "xenolith.compatible=arm,pl011")
public final class Pl011Component implements DeviceModelFactory {
  static final ModelDescription DESCRIPTION =
      new ModelDescription("PL011", "PrimeCell UART with 16-entry FIFOs", "Arm DDI 0183G");

  @Override
  public ModelDescription description() {
    return DESCRIPTION;
  }

  @Override
  public DeviceModel create(DeviceContext context) {
    return new Pl011(context);
  }
}
