// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.build.arm.acpi.domu;

import org.osgi.service.component.annotations.Component;
import org.xenolith.hyp.build.kit.BuildPorts;
import org.xenolith.hyp.build.kit.BuildersModel;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;

/** Offers the builder to hypervisors. */
@Component(service = DeviceModelFactory.class, property = {"xenolith.subsystem=build.arm.acpi.domu", "xenolith.instructions=a64"})
public final class AcpiDomUComponent implements DeviceModelFactory {
  static final ModelDescription DESCRIPTION = new ModelDescription("arm.acpi.domu", "Builds guests that are described by ACPI",
      "ACPI 6.5; UEFI 2.10; Xen's public header arch-arm.h");

  @Override
  public ModelDescription description() {
    return DESCRIPTION;
  }

  @Override
  public DeviceModel create(DeviceContext context) {
    return new BuildersModel(context, new AcpiDomUBuilder(context, BuildPorts.of(context)));
  }
}
