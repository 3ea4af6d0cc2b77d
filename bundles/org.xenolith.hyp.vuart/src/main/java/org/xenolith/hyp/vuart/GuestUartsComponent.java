// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.vuart;

import org.osgi.service.component.annotations.Component;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;

/** Offers serial ports for guests to hypervisors. */
@Component(service = DeviceModelFactory.class, property = {"xenolith.subsystem=vuart", "xenolith.instructions=a64"})
public final class GuestUartsComponent implements DeviceModelFactory {
  static final ModelDescription DESCRIPTION = new ModelDescription("vuart", "Serial ports of guests",
      "Arm DEN 0094, Generic UART; Xen's public header arch-arm.h");

  @Override
  public ModelDescription description() {
    return DESCRIPTION;
  }

  @Override
  public DeviceModel create(DeviceContext context) {
    return new GuestUarts(context);
  }
}
