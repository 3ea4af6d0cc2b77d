// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.its;

import org.osgi.service.component.annotations.Component;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;

/** Offers interrupt translation to the hypervisor. */
@Component(service = DeviceModelFactory.class, property = {"xenolith.subsystem=its", "xenolith.instructions=a64"})
public final class ItsComponent implements DeviceModelFactory {
  static final ModelDescription DESCRIPTION = new ModelDescription("its",
      "Driver of the GICv3's ITS, and the virtual ITSs that domains see", "Arm IHI 0069H, chapter 5");

  @Override
  public ModelDescription description() {
    return DESCRIPTION;
  }

  @Override
  public DeviceModel create(DeviceContext context) {
    return new ItsModel(context);
  }
}
