// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.ninepback;

import org.osgi.service.component.annotations.Component;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;

/** Offers the back end of Xen's transport of 9P to hypervisors. */
@Component(service = DeviceModelFactory.class, property = "xenolith.subsystem=ninepback")
public final class NinepBackendComponent implements DeviceModelFactory {
  @Override
  public ModelDescription description() {
    return new ModelDescription("9P back end", "Shared folders of domains, in the service domain; who serves them is outside",
        "Xen public header io/9pfs.h, docs/misc/9pfs.pandoc");
  }

  @Override
  public DeviceModel create(DeviceContext context) {
    return new NinepBackend(context);
  }
}
