// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.vtimer;

import org.osgi.service.component.annotations.Component;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;

/** Offers the timers of virtual CPUs to the hypervisor. */
@Component(service = DeviceModelFactory.class, property = {"xenolith.subsystem=vtimer", "xenolith.instructions=a64"})
public final class VtimerComponent implements DeviceModelFactory {
  static final ModelDescription DESCRIPTION = new ModelDescription("vtimer",
      "Virtual and physical timers of virtual CPUs", "Arm DDI 0487 chapter D11");

  @Override
  public ModelDescription description() {
    return DESCRIPTION;
  }

  @Override
  public DeviceModel create(DeviceContext context) {
    return new Vtimer(context);
  }
}
