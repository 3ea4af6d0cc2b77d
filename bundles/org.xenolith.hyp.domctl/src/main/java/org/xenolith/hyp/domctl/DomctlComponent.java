// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.domctl;

import org.osgi.service.component.annotations.Component;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;

/** Offers domctl to hypervisors. */
@Component(service = DeviceModelFactory.class, property = "xenolith.subsystem=domctl")
public final class DomctlComponent implements DeviceModelFactory {
  static final ModelDescription DESCRIPTION = new ModelDescription("domctl", "Control of domains by hypercall 36",
      "Xen public header domctl.h, interface version 0x15 (4.17)");

  @Override
  public ModelDescription description() {
    return DESCRIPTION;
  }

  @Override
  public DeviceModel create(DeviceContext context) {
    return new DomainControl(context);
  }
}
