// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.hpet;

import org.osgi.service.component.annotations.Component;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;

/** Offers the timers to machines. */
@Component(service = DeviceModelFactory.class, property = "xenolith.compatible=" + HpetComponent.COMPATIBLE)
public final class HpetComponent implements DeviceModelFactory {
  static final String COMPATIBLE = "intel,ce4100-hpet";
  static final ModelDescription DESCRIPTION = new ModelDescription("HPET",
      "High precision event timers: a counter of 100 MHz and three comparators",
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
