// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.pcihost.ecam;

import org.osgi.service.component.annotations.Component;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;

/** Offers hypervisors the driver for generic host bridges. */
@Component(service = DeviceModelFactory.class, property = "xenolith.subsystem=pcihost.ecam")
public final class EcamDriverComponent implements DeviceModelFactory {
  static final ModelDescription DESCRIPTION = new ModelDescription("Generic host bridges",
      "The hypervisor's driver for PCI host bridges with memory-mapped configuration space (ECAM or CAM)",
      "PCI Express Base 4.0, 7.2.2; devicetree binding host-generic-pci");

  @Override
  public ModelDescription description() {
    return DESCRIPTION;
  }

  @Override
  public DeviceModel create(DeviceContext context) {
    return new EcamDriver(context);
  }
}
