// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.physdev;

import java.util.List;
import org.osgi.service.component.annotations.Component;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;
import org.xenolith.machine.api.ModelDescription.Option;
import org.xenolith.machine.api.ModelDescription.Type;

/** Offers Dom0's way to tell of physical devices. */
@Component(service = DeviceModelFactory.class, property = "xenolith.subsystem=physdev")
public final class PhysicalDeviceComponent implements DeviceModelFactory {
  static final String STRICT_XEN = "strict-xen";
  static final ModelDescription DESCRIPTION = new ModelDescription("Physical devices",
      "Hypercall 33: what Dom0 tells of PCI functions and host bridges", "Xen public header physdev.h", List.of(
          new Option(STRICT_XEN, Type.BOOLEAN, "false", "Serves the sub-operations that Xen serves on Arm and no others", false)));

  @Override
  public ModelDescription description() {
    return DESCRIPTION;
  }

  @Override
  public DeviceModel create(DeviceContext context) {
    return new PhysicalDeviceSubsystem(context);
  }
}
