// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.xenio.pvh;

import org.osgi.service.component.annotations.Component;
import org.xenolith.efi.boot.kit.LayerModel;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;

/** Offers the layer to firmware. */
@Component(service = DeviceModelFactory.class, property = "xenolith.efi-layer=efi.xenio.pvh")
public final class XenIoPvhComponent implements DeviceModelFactory {
  static final ModelDescription DESCRIPTION = new ModelDescription("EFI: XENIO of a PVH guest",
      "Gives access to the Xen environment of a guest that was entered by the PVH boot ABI, with room of its own for the grant table",
      "edk2, OvmfPkg/Include/Protocol/XenIo.h; Xen, docs/misc/pvh.pandoc");

  @Override
  public ModelDescription description() {
    return DESCRIPTION;
  }

  @Override
  public DeviceModel create(DeviceContext context) {
    return new LayerModel(context, new XenIoPvhLayer());
  }
}
