// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.spintable;

import org.osgi.service.component.annotations.Component;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;

/** Offers spin-table to the CPUs of machines. */
@Component(service = DeviceModelFactory.class, property = "xenolith.enable-method=spin-table")
public final class SpinTableComponent implements DeviceModelFactory {
  static final ModelDescription DESCRIPTION = new ModelDescription("spin-table",
      "Holds a secondary CPU until its release address is written", "Devicetree binding arm/cpus");

  @Override
  public ModelDescription description() {
    return DESCRIPTION;
  }

  @Override
  public DeviceModel create(DeviceContext context) {
    return new SpinTable(context);
  }
}
