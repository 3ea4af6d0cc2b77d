// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.sched;

import org.osgi.service.component.annotations.Component;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;

/** Offers what domains ask of the scheduler. */
@Component(service = DeviceModelFactory.class, property = "xenolith.subsystem=sched")
public final class SchedulingComponent implements DeviceModelFactory {
  static final ModelDescription DESCRIPTION = new ModelDescription("Scheduling operations",
      "Hypercall 29: yield, wait, poll, shut down, watchdogs", "Xen public header sched.h");

  @Override
  public ModelDescription description() {
    return DESCRIPTION;
  }

  @Override
  public DeviceModel create(DeviceContext context) {
    return new SchedulingSubsystem(context);
  }
}
