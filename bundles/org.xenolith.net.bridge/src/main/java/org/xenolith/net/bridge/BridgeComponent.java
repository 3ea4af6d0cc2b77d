package org.xenolith.net.bridge;

import org.osgi.service.component.annotations.Component;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;

/** Offers the switch of in-machine Ethernet to hypervisors. */
@Component(service = DeviceModelFactory.class, property = "xenolith.subsystem=net.switch")
public final class BridgeComponent implements DeviceModelFactory {
  @Override public ModelDescription description() {
    return new ModelDescription("Ethernet switch", "Carries frames between the stations of each segment of the machine",
        "IEEE 802.1D");
  }

  @Override public DeviceModel create(DeviceContext context) {
    return new Bridge(context);
  }
}
