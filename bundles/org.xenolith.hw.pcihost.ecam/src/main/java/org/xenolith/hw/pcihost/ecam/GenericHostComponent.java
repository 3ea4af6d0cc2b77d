// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.pcihost.ecam;

import java.util.List;
import org.osgi.service.component.annotations.Component;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;

/** Offers generic host bridges to machines. */
@Component(service = DeviceModelFactory.class,
    property = {"xenolith.compatible=pci-host-ecam-generic", "xenolith.compatible=pci-host-cam-generic"})
public final class GenericHostComponent implements DeviceModelFactory {
  static final ModelDescription DESCRIPTION = new ModelDescription("pci-host-generic",
      "PCI host bridge with memory-mapped configuration space (ECAM or CAM)",
      "PCI Express Base 4.0, 7.2.2; devicetree binding host-generic-pci", List.of());

  @Override
  public ModelDescription description() {
    return DESCRIPTION;
  }

  @Override
  public DeviceModel create(DeviceContext context) {
    return new GenericHost(context);
  }
}
