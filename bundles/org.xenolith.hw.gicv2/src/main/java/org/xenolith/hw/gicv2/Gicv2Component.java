// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.gicv2;

import java.util.List;
import org.osgi.service.component.annotations.Component;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;
import org.xenolith.machine.api.ModelDescription.Option;
import org.xenolith.machine.api.ModelDescription.Type;

/** Offers the GICv2 to machines. */
@Component(service = DeviceModelFactory.class, property = {
    "xenolith.compatible=arm,cortex-a15-gic", "xenolith.compatible=arm,gic-400", "xenolith.compatible=arm,cortex-a7-gic"})
public final class Gicv2Component implements DeviceModelFactory {
  static final ModelDescription DESCRIPTION = new ModelDescription("GICv2",
      "Generic Interrupt Controller, version 2: distributor and CPU interfaces", "Arm IHI 0048B.b", List.of(
          new Option("lines", Type.INTEGER, "0",
              "Number of interrupt lines, a multiple of 32; 0: 288 for a Cortex-A15's, else 512", false),
          new Option("priority-bits", Type.INTEGER, "8", "Implemented bits of a priority, 4 to 8", false)));

  @Override
  public ModelDescription description() {
    return DESCRIPTION;
  }

  @Override
  public DeviceModel create(DeviceContext context) {
    return new Gicv2(context);
  }
}
