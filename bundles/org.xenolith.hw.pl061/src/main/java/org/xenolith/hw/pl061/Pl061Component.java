// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.pl061;

import org.osgi.service.component.annotations.Component;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;

/** Offers the PL061 to machines. */
@Component(service = DeviceModelFactory.class, property = "xenolith.compatible=arm,pl061")
public final class Pl061Component implements DeviceModelFactory {
  static final ModelDescription DESCRIPTION = new ModelDescription("PL061", "PrimeCell GPIO with eight pins",
      "Arm DDI 0190B");

  @Override
  public ModelDescription description() {
    return DESCRIPTION;
  }

  @Override
  public DeviceModel create(DeviceContext context) {
    return new Pl061(context);
  }
}
