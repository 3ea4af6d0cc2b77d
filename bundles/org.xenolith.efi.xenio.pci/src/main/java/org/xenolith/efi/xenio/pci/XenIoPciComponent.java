// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.xenio.pci;

import org.osgi.service.component.annotations.Component;
import org.xenolith.efi.boot.kit.LayerModel;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;

/** Offers the layer to firmware. */
@Component(service = DeviceModelFactory.class, property = "xenolith.efi-layer=efi.xenio.pci")
public final class XenIoPciComponent implements DeviceModelFactory {
  static final ModelDescription DESCRIPTION = new ModelDescription("EFI: XENIO on PCI",
      "Gives access to the Xen environment by its platform device", "edk2, OvmfPkg/Include/Protocol/XenIo.h; UEFI 2.10, 14.4");

  @Override
  public ModelDescription description() {
    return DESCRIPTION;
  }

  @Override
  public DeviceModel create(DeviceContext context) {
    return new LayerModel(context, new XenIoPciLayer());
  }
}
