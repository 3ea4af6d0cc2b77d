// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.pci;

import org.osgi.service.component.annotations.Component;
import org.xenolith.efi.boot.kit.LayerModel;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;

/** Offers the layer to firmware. */
@Component(service = DeviceModelFactory.class, property = "xenolith.efi-layer=efi.pci")
public final class PciBusComponent implements DeviceModelFactory {
  static final ModelDescription DESCRIPTION = new ModelDescription("EFI: PCI",
      "PCI functions of boot services, with their places on the bus",
      "UEFI 2.10, 14.4; PCI Local Bus 3.0, 6.2.5; PCI-to-PCI Bridge 1.2, 3.2.5");

  @Override
  public ModelDescription description() {
    return DESCRIPTION;
  }

  @Override
  public DeviceModel create(DeviceContext context) {
    return new LayerModel(context, new PciBusLayer());
  }
}
