// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.gicv3;

import java.util.List;
import org.osgi.service.component.annotations.Component;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;
import org.xenolith.machine.api.ModelDescription.Option;
import org.xenolith.machine.api.ModelDescription.Type;

/** Offers the GICv3 to machines. */
@Component(service = DeviceModelFactory.class, property = "xenolith.compatible=arm,gic-v3")
public final class Gicv3Component implements DeviceModelFactory {
  static final ModelDescription DESCRIPTION = new ModelDescription("GICv3",
      "Generic Interrupt Controller, version 3: distributor, redistributors and system registers", "Arm IHI 0069H", List.of(
          new Option("lines", Type.INTEGER, "0", "Number of interrupt lines, a multiple of 32; 0 for 256 or what the platform needs",
              false),
          new Option("lpi", Type.STRING, "auto",
              "Locality-specific peripheral interrupts: true, false, or auto for where the node has an arm,gic-v3-its below it", false),
          new Option("priority-bits", Type.INTEGER, "5", "Implemented bits of a priority, 5 to 8", false)));

  @Override
  public ModelDescription description() {
    return DESCRIPTION;
  }

  @Override
  public DeviceModel create(DeviceContext context) {
    return new Gicv3(context);
  }
}
