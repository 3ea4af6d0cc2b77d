// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.semihosting;

import org.osgi.service.component.annotations.Component;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;

/** Offers semihosting to machines. */
@Component(service = DeviceModelFactory.class, property = "xenolith.compatible=" + SemihostingComponent.COMPATIBLE)
public final class SemihostingComponent implements DeviceModelFactory {
  static final String COMPATIBLE = "xenolith,semihosting";

  @Override
  public ModelDescription description() {
    return new ModelDescription("Semihosting", "The calls by which software on Arm CPUs ends the run with an exit status of its own",
        "Arm IHI 0072, Semihosting for AArch32 and AArch64");
  }

  @Override
  public DeviceModel create(DeviceContext context) {
    return new Semihosting(context);
  }
}
