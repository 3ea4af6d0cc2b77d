// SPDX-License-Identifier: EPL-2.0
package org.xenolith.net.outside;

import org.osgi.service.component.annotations.Component;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;
import org.xenolith.net.api.NetworkNodes;

/** Offers the station that frames from outside come in by. */
@Component(service = DeviceModelFactory.class, property = "xenolith.compatible=" + NetworkNodes.OUTSIDE)
public final class OutsideStationComponent implements DeviceModelFactory {
  @Override
  public ModelDescription description() {
    return new ModelDescription("Way outside",
        "Carries frames between a segment of the machine and a network outside, as inputs of the journal",
        "IEEE 802.3");
  }

  @Override
  public DeviceModel create(DeviceContext context) {
    return new OutsideStation(context);
  }
}
