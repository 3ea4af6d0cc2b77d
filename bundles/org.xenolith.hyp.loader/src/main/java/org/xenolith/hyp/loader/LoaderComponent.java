// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.loader;

import org.osgi.service.component.annotations.Component;
import org.xenolith.hyp.api.LoaderNode;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;

/** Offers the hand-over to machines. */
@Component(service = DeviceModelFactory.class, property = {"xenolith.compatible=" + LoaderNode.COMPATIBLE, "xenolith.instructions=a64"})
public final class LoaderComponent implements DeviceModelFactory {
  @Override
  public ModelDescription description() {
    return new ModelDescription("Hypervisor's loader", "The calls by which a boot loader at EL2 hands the machine over to the hypervisor",
        "Arm DEN 0028E; docs/guides/dom0-from-disk.md");
  }

  @Override
  public DeviceModel create(DeviceContext context) {
    return new LoaderModel(context);
  }
}
