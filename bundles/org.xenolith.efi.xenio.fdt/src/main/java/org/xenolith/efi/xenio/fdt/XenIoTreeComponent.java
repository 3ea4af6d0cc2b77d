// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.xenio.fdt;

import org.osgi.service.component.annotations.Component;
import org.xenolith.efi.boot.kit.LayerModel;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;

/** Offers the layer to firmware. */
@Component(service = DeviceModelFactory.class, property = "xenolith.efi-layer=efi.xenio.fdt")
public final class XenIoTreeComponent implements DeviceModelFactory {
  static final ModelDescription DESCRIPTION = new ModelDescription("EFI: XENIO of the device tree",
      "Gives access to the Xen environment that a device tree names",
      "edk2, OvmfPkg/Include/Protocol/XenIo.h; Linux, Documentation/devicetree/bindings/arm/xen.txt");

  @Override
  public ModelDescription description() {
    return DESCRIPTION;
  }

  @Override
  public DeviceModel create(DeviceContext context) {
    return new LayerModel(context, new XenIoTreeLayer());
  }
}
