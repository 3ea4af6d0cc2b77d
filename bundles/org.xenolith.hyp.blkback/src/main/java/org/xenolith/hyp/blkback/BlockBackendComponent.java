// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.blkback;

import org.osgi.service.component.annotations.Component;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;

/** Offers the back end of PV block devices to hypervisors. */
@Component(service = DeviceModelFactory.class, property = "xenolith.subsystem=blkback")
public final class BlockBackendComponent implements DeviceModelFactory {
  @Override
  public ModelDescription description() {
    return new ModelDescription("Block back end", "PV block devices of domains, in the service domain",
        "Xen public header io/blkif.h");
  }

  @Override
  public DeviceModel create(DeviceContext context) {
    return new BlockBackend(context);
  }
}
