// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.parking;

import org.osgi.service.component.annotations.Component;
import org.xenolith.firmware.kit.ParkedCpu;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;

/** Offers the parking protocol to the CPUs of machines. */
@Component(service = DeviceModelFactory.class, property = "xenolith.enable-method=" + ParkedCpu.METHOD)
public final class ParkingComponent implements DeviceModelFactory {
  static final ModelDescription DESCRIPTION = new ModelDescription("parking-protocol",
      "Holds a secondary CPU until its mailbox names it and an interrupt comes", "Multi-processor Startup for Arm Platforms 1.2");

  @Override
  public ModelDescription description() {
    return DESCRIPTION;
  }

  @Override
  public DeviceModel create(DeviceContext context) {
    return new ParkedModel(context);
  }
}
