// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.timer;

import java.util.List;
import org.osgi.service.component.annotations.Component;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;
import org.xenolith.machine.api.ModelDescription.Option;
import org.xenolith.machine.api.ModelDescription.Type;

/** Offers the generic timer to machines. */
@Component(service = DeviceModelFactory.class, property = "xenolith.compatible=arm,armv8-timer")
public final class GenericTimerComponent implements DeviceModelFactory {
  static final ModelDescription DESCRIPTION = new ModelDescription("generic timer",
      "System counter, EL1 physical and virtual timers, EL2 and secure timers, event streams", "Arm DDI 0487 chapter D11",
      List.of(new Option("frequency", Type.INTEGER, "62500000",
          "Counter frequency in Hz where the node has no clock-frequency", false)));

  @Override
  public ModelDescription description() {
    return DESCRIPTION;
  }

  @Override
  public DeviceModel create(DeviceContext context) {
    return new GenericTimer(context);
  }
}
