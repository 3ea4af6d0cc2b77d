// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.its;

import org.osgi.service.component.annotations.Component;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;

/** Offers the ITS to machines. */
@Component(service = DeviceModelFactory.class, property = "xenolith.compatible=arm,gic-v3-its")
public final class ItsComponent implements DeviceModelFactory {
  static final ModelDescription DESCRIPTION = new ModelDescription("ITS",
      "GICv3 interrupt translation service: messages of bus masters become LPIs", "Arm IHI 0069H, chapter 5");

  @Override
  public ModelDescription description() {
    return DESCRIPTION;
  }

  @Override
  public DeviceModel create(DeviceContext context) {
    return new Its(context);
  }
}
