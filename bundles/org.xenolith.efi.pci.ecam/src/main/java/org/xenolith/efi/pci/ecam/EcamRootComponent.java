// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.pci.ecam;

import org.osgi.service.component.annotations.Component;
import org.xenolith.efi.boot.kit.LayerModel;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;

/** Offers the layer to firmware. */
@Component(service = DeviceModelFactory.class, property = "xenolith.efi-layer=efi.pci.ecam")
public final class EcamRootComponent implements DeviceModelFactory {
  static final ModelDescription DESCRIPTION = new ModelDescription("EFI: PCI root bridge",
      "Root bridge protocol of boot services on hosts with ECAM",
      "UEFI 2.10, 14.2; Devicetree, pci-host-ecam-generic; PCI Firmware 3.3, 4.1");

  @Override
  public ModelDescription description() {
    return DESCRIPTION;
  }

  @Override
  public DeviceModel create(DeviceContext context) {
    return new LayerModel(context, new EcamRootLayer());
  }
}
