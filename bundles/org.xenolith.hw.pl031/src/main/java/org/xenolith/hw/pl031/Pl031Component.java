// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.pl031;

import java.util.List;
import org.osgi.service.component.annotations.Component;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;
import org.xenolith.machine.api.ModelDescription.Option;
import org.xenolith.machine.api.ModelDescription.Type;

/** Offers the PL031 to machines. */
@Component(service = DeviceModelFactory.class, property = "xenolith.compatible=arm,pl031")
public final class Pl031Component implements DeviceModelFactory {
  static final ModelDescription DESCRIPTION = new ModelDescription("PL031", "PrimeCell real-time clock", "Arm DDI 0224C",
      List.of(new Option("epoch-seconds", Type.INTEGER, "1767225600",
          "Date at power-on in seconds after 1970-01-01 UTC (as given: 2026-01-01)", false)));

  @Override
  public ModelDescription description() {
    return DESCRIPTION;
  }

  @Override
  public DeviceModel create(DeviceContext context) {
    return new Pl031(context);
  }
}
