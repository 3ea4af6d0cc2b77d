// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.psci;

import java.util.List;
import org.osgi.service.component.annotations.Component;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;
import org.xenolith.machine.api.ModelDescription.Option;
import org.xenolith.machine.api.ModelDescription.Type;

/** Offers PSCI to machines. */
@Component(service = DeviceModelFactory.class, property = {
    "xenolith.compatible=arm,psci-1.0", "xenolith.compatible=arm,psci-0.2", "xenolith.compatible=arm,psci"})
public final class PsciComponent implements DeviceModelFactory {
  static final ModelDescription DESCRIPTION = new ModelDescription("PSCI",
      "Power State Coordination Interface 1.1 over SMC or HVC", "Arm DEN 0022D", List.of(
          new Option("smccc-1-1", Type.BOOLEAN, "false",
              "Announces version 1.1 of the SMC Calling Convention; without, callers assume 1.0", false)));

  @Override
  public ModelDescription description() {
    return DESCRIPTION;
  }

  @Override
  public DeviceModel create(DeviceContext context) {
    return new Psci(context);
  }
}
