// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.build.pvh;

import java.util.List;
import org.osgi.service.component.annotations.Component;
import org.xenolith.hyp.build.kit.BuildersModel;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;
import org.xenolith.machine.api.ModelDescription.Option;
import org.xenolith.machine.api.ModelDescription.Type;

/** Offers the builder to hypervisors of machines with x86-64 CPUs. */
@Component(service = DeviceModelFactory.class, property = {"xenolith.subsystem=build.pvh", "xenolith.instructions=x64"})
public final class PvhBuildersComponent implements DeviceModelFactory {
  static final String CONTAINERS = "containers";
  static final ModelDescription DESCRIPTION = new ModelDescription("pvh", "Builds domains that are entered by the PVH boot ABI",
      "Xen's docs/misc/pvh.pandoc; public headers hvm/start_info.h, elfnote.h", List.of(
          new Option(CONTAINERS, Type.STRING, "xen",
              "Which devices PVH guests may have: xen (local APICs, as Xen allows) or any (none at all, too, or a root complex of PCI: container = \"minimal\" or \"passthrough\")",
              false)));

  @Override
  public ModelDescription description() {
    return DESCRIPTION;
  }

  @Override
  public DeviceModel create(DeviceContext context) {
    return new BuildersModel(context, new PvhDomUBuilder(context));
  }
}
