// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.xgene.scu;

import org.osgi.service.component.annotations.Component;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;

/** Offers X-Gene's system controller to machines. */
@Component(service = DeviceModelFactory.class, property = "xenolith.compatible=apm,xgene-scu")
public final class XgeneScuComponent implements DeviceModelFactory {
  static final ModelDescription DESCRIPTION = new ModelDescription("xgene-scu",
      "System controller of APM X-Gene: the word that resets the board", "devicetree binding power/reset/syscon-reboot");

  @Override
  public ModelDescription description() {
    return DESCRIPTION;
  }

  @Override
  public DeviceModel create(DeviceContext context) {
    return new XgeneScu(context);
  }
}
