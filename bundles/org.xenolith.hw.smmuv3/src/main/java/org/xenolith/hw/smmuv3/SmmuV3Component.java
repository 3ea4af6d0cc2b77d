// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.smmuv3;

import org.osgi.service.component.annotations.Component;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;

/** Offers the SMMUv3 to machines. */
@Component(service = DeviceModelFactory.class, property = "xenolith.compatible=arm,smmu-v3")
public final class SmmuV3Component implements DeviceModelFactory {
  static final ModelDescription DESCRIPTION = new ModelDescription("SMMUv3",
      "System MMU with stream tables and two stages of translation", "Arm IHI 0070 (SMMUv3.0)");

  @Override
  public ModelDescription description() {
    return DESCRIPTION;
  }

  @Override
  public DeviceModel create(DeviceContext context) {
    return new SmmuV3(context);
  }
}
