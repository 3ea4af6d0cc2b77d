// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.vlapic;

import org.osgi.service.component.annotations.Component;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;

/** Offers local APICs of virtual CPUs to the hypervisor. */
@Component(service = DeviceModelFactory.class, property = {"xenolith.subsystem=vlapic", "xenolith.instructions=x64"})
public final class VlapicComponent implements DeviceModelFactory {
  static final ModelDescription DESCRIPTION = new ModelDescription("vlapic",
      "Local APICs of virtual CPUs: xAPIC and x2APIC mode, timers, interrupts among the virtual CPUs of a domain",
      "Intel SDM volume 3, chapter 12");

  @Override
  public ModelDescription description() {
    return DESCRIPTION;
  }

  @Override
  public DeviceModel create(DeviceContext context) {
    return new Vlapic(context);
  }
}
