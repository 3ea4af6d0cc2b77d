// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.build.pvh.dom0;

import org.osgi.service.component.annotations.Component;
import org.xenolith.hyp.build.kit.BuildersModel;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;

/** Offers the builder to hypervisors of machines with x86-64 CPUs. */
@Component(service = DeviceModelFactory.class, property = {"xenolith.subsystem=build.pvh.dom0", "xenolith.instructions=x64"})
public final class PvhDom0Component implements DeviceModelFactory {
  static final ModelDescription DESCRIPTION = new ModelDescription("pvh.dom0",
      "Builds the hardware domain that is entered by the PVH boot ABI",
      "Xen's docs/misc/pvh.pandoc; public headers hvm/start_info.h, elfnote.h; ACPI 6.5");

  @Override
  public ModelDescription description() {
    return DESCRIPTION;
  }

  @Override
  public DeviceModel create(DeviceContext context) {
    return new BuildersModel(context, new PvhDom0Builder(context));
  }
}
