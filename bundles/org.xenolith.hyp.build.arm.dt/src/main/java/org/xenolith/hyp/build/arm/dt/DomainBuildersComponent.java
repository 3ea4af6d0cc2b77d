// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.build.arm.dt;

import java.util.List;
import org.osgi.service.component.annotations.Component;
import org.xenolith.hyp.build.kit.BuildPorts;
import org.xenolith.hyp.build.kit.BuildersModel;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;
import org.xenolith.machine.api.ModelDescription.Option;
import org.xenolith.machine.api.ModelDescription.Type;

/** Offers the builders to hypervisors. */
@Component(service = DeviceModelFactory.class, property = {"xenolith.subsystem=build.arm.dt", "xenolith.instructions=a64"})
public final class DomainBuildersComponent implements DeviceModelFactory {
  private static final String STRICT_XEN = "strict-xen";
  static final ModelDescription DESCRIPTION = new ModelDescription("arm.dt", "Builds domains with a devicetree",
      "Devicetree Specification 0.4; Xen's public header arch-arm.h", List.of(
          new Option(STRICT_XEN, Type.BOOLEAN, "false", "Tells Dom0 by devicetree of no EFI firmware, as Xen", false)));

  @Override
  public ModelDescription description() {
    return DESCRIPTION;
  }

  @Override
  public DeviceModel create(DeviceContext context) {
    BuildPorts ports = BuildPorts.of(context);
    return new BuildersModel(context, new Dom0Builder(context, ports, context.options().flag(STRICT_XEN)), new DomUBuilder(context, ports));
  }
}
