// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.netback;

import org.osgi.service.component.annotations.Component;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;

/** Offers the back end of PV network interfaces to hypervisors. */
@Component(service = DeviceModelFactory.class, property = "xenolith.subsystem=netback")
public final class NetbackComponent implements DeviceModelFactory {
  @Override
  public ModelDescription description() {
    return new ModelDescription("Network back end", "PV network interfaces of domains, as stations of in-machine Ethernet",
        "Xen public header io/netif.h");
  }

  @Override
  public DeviceModel create(DeviceContext context) {
    return new Netback(context);
  }
}
