// SPDX-License-Identifier: EPL-2.0
package org.xenolith.net.bridge;

import org.osgi.service.component.annotations.Component;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;
import org.xenolith.net.api.NetworkNodes;

/** Offers the switch of in-machine Ethernet to hypervisors, and to machines that have a node for it. */
@Component(service = DeviceModelFactory.class,
    property = {"xenolith.subsystem=net.switch", "xenolith.compatible=" + NetworkNodes.COMPATIBLE})
public final class BridgeComponent implements DeviceModelFactory {
  @Override
  public ModelDescription description() {
    return new ModelDescription("Ethernet switch", "Carries frames between the stations of each segment of the machine",
        "IEEE 802.1D");
  }

  @Override
  public DeviceModel create(DeviceContext context) {
    return new Bridge(context);
  }
}
