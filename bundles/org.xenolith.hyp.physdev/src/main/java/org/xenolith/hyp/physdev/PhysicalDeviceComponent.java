package org.xenolith.hyp.physdev;

import org.osgi.service.component.annotations.Component;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;

/** Offers Dom0's way to tell of physical devices. */
@Component(service = DeviceModelFactory.class, property = "xenolith.subsystem=physdev")
public final class PhysicalDeviceComponent implements DeviceModelFactory {
  static final ModelDescription DESCRIPTION = new ModelDescription("Physical devices",
      "Hypercall 33: what Dom0 tells of PCI functions and interrupts", "Xen public header physdev.h");

  @Override public ModelDescription description() {
    return DESCRIPTION;
  }

  @Override public DeviceModel create(DeviceContext context) {
    return new PhysicalDeviceSubsystem(context);
  }
}
