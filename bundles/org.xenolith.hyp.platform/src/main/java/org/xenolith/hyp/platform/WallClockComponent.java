// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.platform;

import org.osgi.service.component.annotations.Component;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;

/** Offers the wall clock that Dom0 sets. */
@Component(service = DeviceModelFactory.class, property = "xenolith.subsystem=platform")
public final class WallClockComponent implements DeviceModelFactory {
  static final ModelDescription DESCRIPTION = new ModelDescription("Wall clock",
      "Hypercall 7: Dom0 sets the date that all domains find in shared_info", "Xen public headers platform.h and xen.h");

  @Override
  public ModelDescription description() {
    return DESCRIPTION;
  }

  @Override
  public DeviceModel create(DeviceContext context) {
    return new WallClock(context);
  }
}
