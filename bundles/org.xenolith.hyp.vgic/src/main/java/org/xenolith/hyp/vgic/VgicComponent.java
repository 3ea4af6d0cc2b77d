// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.vgic;

import org.osgi.service.component.annotations.Component;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;

/** Offers the virtual interrupt controllers to the hypervisor. */
@Component(service = DeviceModelFactory.class, property = {"xenolith.subsystem=vgic", "xenolith.instructions=a64"})
public final class VgicComponent implements DeviceModelFactory {
  static final ModelDescription DESCRIPTION = new ModelDescription("vgic",
      "Driver of the GICv2 or GICv3, and the interrupt controllers that domains see", "Arm IHI 0048B.b, Arm IHI 0069H");

  @Override
  public ModelDescription description() {
    return DESCRIPTION;
  }

  @Override
  public DeviceModel create(DeviceContext context) {
    return new Vgic(context, GicHardware.of(context.platform()));
  }
}
