// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.vpsci;

import org.osgi.service.component.annotations.Component;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;

/** Offers the firmware of domains to the hypervisor. */
@Component(service = DeviceModelFactory.class, property = {"xenolith.subsystem=vpsci", "xenolith.instructions=a64"})
public final class VpsciComponent implements DeviceModelFactory {
  static final ModelDescription DESCRIPTION = new ModelDescription("vpsci",
      "Firmware calls of domains: PSCI 1.1, SMCCC 1.1", "Arm DEN 0022F, Arm DEN 0028");

  @Override
  public ModelDescription description() {
    return DESCRIPTION;
  }

  @Override
  public DeviceModel create(DeviceContext context) {
    return new Vpsci(context);
  }
}
