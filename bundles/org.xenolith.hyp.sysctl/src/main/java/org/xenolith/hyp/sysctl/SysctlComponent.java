// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.sysctl;

import org.osgi.service.component.annotations.Component;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;

/** Offers sysctl to hypervisors. */
@Component(service = DeviceModelFactory.class, property = "xenolith.subsystem=sysctl")
public final class SysctlComponent implements DeviceModelFactory {
  static final ModelDescription DESCRIPTION = new ModelDescription("sysctl", "Facts and settings of the host by hypercall 35",
      "Xen public header sysctl.h, interface version 0x15 (4.17)");

  @Override
  public ModelDescription description() {
    return DESCRIPTION;
  }

  @Override
  public DeviceModel create(DeviceContext context) {
    return new SystemControl(context);
  }
}
