// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.pvtime;

import org.osgi.service.component.annotations.Component;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;

/** Offers paravirtualised time to hypervisors of machines with x86-64 CPUs. */
@Component(service = DeviceModelFactory.class, property = {"xenolith.subsystem=pvtime", "xenolith.instructions=x64"})
public final class PvTimeComponent implements DeviceModelFactory {
  static final ModelDescription DESCRIPTION = new ModelDescription("Paravirtualised time",
      "System time by the time-stamp counter, and timers of virtual CPUs by hypercall 24", "Xen public headers xen.h, vcpu.h");

  @Override
  public ModelDescription description() {
    return DESCRIPTION;
  }

  @Override
  public DeviceModel create(DeviceContext context) {
    return new PvTime(context);
  }
}
