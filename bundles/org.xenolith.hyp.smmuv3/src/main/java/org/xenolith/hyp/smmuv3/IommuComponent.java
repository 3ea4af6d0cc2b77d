// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.smmuv3;

import org.osgi.service.component.annotations.Component;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;

/** Offers the driver of SMMUs. */
@Component(service = DeviceModelFactory.class, property = {"xenolith.subsystem=iommu", "xenolith.instructions=a64"})
public final class IommuComponent implements DeviceModelFactory {
  private static final ModelDescription DESCRIPTION = new ModelDescription("iommu",
      "Driver of SMMUv3s: functions reach the memory of their domain by its own stage 2", "Arm IHI 0070 (SMMUv3)");

  @Override
  public ModelDescription description() {
    return DESCRIPTION;
  }

  @Override
  public DeviceModel create(DeviceContext context) {
    return new SmmuDriver(context);
  }
}
