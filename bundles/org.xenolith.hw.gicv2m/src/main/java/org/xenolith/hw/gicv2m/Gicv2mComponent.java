// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.gicv2m;

import java.util.List;
import org.osgi.service.component.annotations.Component;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;
import org.xenolith.machine.api.ModelDescription.Option;
import org.xenolith.machine.api.ModelDescription.Type;

/** Offers GICv2m frames to machines. */
@Component(service = DeviceModelFactory.class, property = "xenolith.compatible=arm,gic-v2m-frame")
public final class Gicv2mComponent implements DeviceModelFactory {
  static final ModelDescription DESCRIPTION = new ModelDescription("gicv2m",
      "GICv2m frame: writes of bus masters become shared interrupts", "Arm SBSA (DEN0029), appendix I: GICv2m architecture", List.of(
          new Option("first-interrupt", Type.INTEGER, "80",
              "Interrupt id (32 is SPI 0) of message 0, unless the node says arm,msi-base-spi", false),
          new Option("interrupts", Type.INTEGER, "64", "Interrupts of the frame, unless the node says arm,msi-num-spis", false)));

  @Override
  public ModelDescription description() {
    return DESCRIPTION;
  }

  @Override
  public DeviceModel create(DeviceContext context) {
    return new Gicv2m(context);
  }
}
