// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.perfmon;

import org.osgi.service.component.annotations.Component;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;

/** Offers architectural performance monitoring to machines. */
@Component(service = DeviceModelFactory.class, property = "xenolith.compatible=xenolith,x86-perfmon")
public final class PerfmonComponent implements DeviceModelFactory {
  static final ModelDescription DESCRIPTION = new ModelDescription("performance monitors",
      "Architectural performance monitoring, version 2, with four general counters and three of fixed function for each CPU",
      "Intel SDM volume 3, chapter 20");

  @Override
  public ModelDescription description() {
    return DESCRIPTION;
  }

  @Override
  public DeviceModel create(DeviceContext context) {
    return new Perfmon(context);
  }
}
