// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.devicepath;

import org.osgi.service.component.annotations.Component;
import org.xenolith.efi.boot.kit.LayerModel;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;

/** Offers the layer to firmware. */
@Component(service = DeviceModelFactory.class, property = "xenolith.efi-layer=efi.devicepath")
public final class PathComponent implements DeviceModelFactory {
  static final ModelDescription DESCRIPTION = new ModelDescription("EFI: device paths",
      "Device paths of boot services put together, and as text", "UEFI 2.10, 10.5 and 10.6");

  @Override
  public ModelDescription description() {
    return DESCRIPTION;
  }

  @Override
  public DeviceModel create(DeviceContext context) {
    return new LayerModel(context, new PathLayer());
  }
}
