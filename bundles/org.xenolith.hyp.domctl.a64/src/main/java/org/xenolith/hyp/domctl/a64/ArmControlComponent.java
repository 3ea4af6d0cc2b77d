// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.domctl.a64;

import org.osgi.service.component.annotations.Component;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;

/** Offers it to hypervisors of machines with A64 CPUs. */
@Component(service = DeviceModelFactory.class, property = {"xenolith.subsystem=a64.control", "xenolith.instructions=a64"})
public final class ArmControlComponent implements DeviceModelFactory {
  static final ModelDescription DESCRIPTION = new ModelDescription("a64.control",
      "Creation, registers and hardware of domains, by domctl", "Xen public headers domctl.h and arch-arm.h");

  @Override
  public ModelDescription description() {
    return DESCRIPTION;
  }

  @Override
  public DeviceModel create(DeviceContext context) {
    return new ArmControl(context);
  }
}
