// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.pmu;

import org.osgi.service.component.annotations.Component;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;

/** Offers performance monitors to machines. */
@Component(service = DeviceModelFactory.class, property = "xenolith.compatible=arm,armv8-pmuv3")
public final class PmuComponent implements DeviceModelFactory {
  static final ModelDescription DESCRIPTION = new ModelDescription("performance monitors",
      "PMUv3 with a cycle counter and six event counters for each CPU", "Arm DDI 0487 chapter D13");

  @Override
  public ModelDescription description() {
    return DESCRIPTION;
  }

  @Override
  public DeviceModel create(DeviceContext context) {
    return new Pmu(context);
  }
}
