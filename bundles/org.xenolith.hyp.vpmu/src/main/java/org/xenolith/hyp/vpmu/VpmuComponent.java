// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.vpmu;

import org.osgi.service.component.annotations.Component;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;

/** Offers the hypervisor what keeps guests from the performance monitors. */
@Component(service = DeviceModelFactory.class, property = {"xenolith.subsystem=vpmu", "xenolith.instructions=a64"})
public final class VpmuComponent implements DeviceModelFactory {
  static final ModelDescription DESCRIPTION = new ModelDescription("vpmu",
      "Performance monitors that guests find empty", "Arm DDI 0487 chapter D13; what Xen 4.17 answers on Arm");

  @Override
  public ModelDescription description() {
    return DESCRIPTION;
  }

  @Override
  public DeviceModel create(DeviceContext context) {
    return new Vpmu(context);
  }
}
