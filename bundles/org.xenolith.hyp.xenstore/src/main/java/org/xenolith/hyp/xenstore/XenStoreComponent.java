// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.xenstore;

import org.osgi.service.component.annotations.Component;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;

/** Offers the store to hypervisors. */
@Component(service = DeviceModelFactory.class, property = "xenolith.subsystem=xenstore")
public final class XenStoreComponent implements DeviceModelFactory {
  @Override
  public ModelDescription description() {
    return new ModelDescription("XenStore", "The store that domains and tools share, in the service domain",
        "Xen public header io/xs_wire.h");
  }

  @Override
  public DeviceModel create(DeviceContext context) {
    return new StoreSubsystem(context);
  }
}
