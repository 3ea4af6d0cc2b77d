// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.hpet;

import org.osgi.service.component.annotations.Component;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;

/** Offers the high precision event timers of the PC to machines. */
@Component(service = DeviceModelFactory.class, property = "xenolith.compatible=intel,ce4100-hpet")
public final class HpetComponent implements DeviceModelFactory {
  static final ModelDescription DESCRIPTION = new ModelDescription("HPET", "high precision event timers of the PC",
      "IA-PC HPET Specification 1.0a");

  @Override
  public ModelDescription description() {
    return DESCRIPTION;
  }

  @Override
  public DeviceModel create(DeviceContext context) {
    return new Hpet(context);
  }
}
