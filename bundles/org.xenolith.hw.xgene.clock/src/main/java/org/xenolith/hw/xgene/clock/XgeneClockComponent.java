// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.xgene.clock;

import org.osgi.service.component.annotations.Component;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;

/** Offers X-Gene's device clocks to machines. */
@Component(service = DeviceModelFactory.class, property = "xenolith.compatible=apm,xgene-device-clock")
public final class XgeneClockComponent implements DeviceModelFactory {
  static final ModelDescription DESCRIPTION = new ModelDescription("xgene-device-clock",
      "Clock gate, reset and divider of a device in APM X-Gene", "devicetree binding clock/xgene; register facts of Linux, clk-xgene.c");

  @Override
  public ModelDescription description() {
    return DESCRIPTION;
  }

  @Override
  public DeviceModel create(DeviceContext context) {
    return new XgeneClock(context);
  }
}
