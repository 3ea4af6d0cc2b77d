// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.cmos.rtc;

import java.util.List;
import org.osgi.service.component.annotations.Component;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;
import org.xenolith.machine.api.ModelDescription.Option;
import org.xenolith.machine.api.ModelDescription.Type;

/** Offers the real-time clock of the PC to machines. */
@Component(service = DeviceModelFactory.class, property = "xenolith.compatible=motorola,mc146818")
public final class CmosRtcComponent implements DeviceModelFactory {
  static final ModelDescription DESCRIPTION = new ModelDescription("MC146818", "real-time clock of the PC with memory on a battery",
      "Motorola MC146818 data sheet (ADI-856-R2)", List.of(new Option("epoch-seconds", Type.INTEGER, "1767225600",
          "Date at power-on in seconds after 1970-01-01 UTC (as given: 2026-01-01)", false)));

  @Override
  public ModelDescription description() {
    return DESCRIPTION;
  }

  @Override
  public DeviceModel create(DeviceContext context) {
    return new CmosRtc(context);
  }
}
