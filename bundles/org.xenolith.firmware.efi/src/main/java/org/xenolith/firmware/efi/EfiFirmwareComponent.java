// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.efi;

import org.osgi.service.component.annotations.Component;
import org.xenolith.efi.api.FirmwareNode;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;

/** Offers the core of EFI firmware to machines. */
@Component(service = DeviceModelFactory.class, property = "xenolith.compatible=" + FirmwareNode.COMPATIBLE)
public final class EfiFirmwareComponent implements DeviceModelFactory {
  static final ModelDescription DESCRIPTION = new ModelDescription("EFI firmware",
      "Runtime services of EFI, made of the roles that bundles fill at its node", "UEFI 2.10, chapter 8");

  @Override
  public ModelDescription description() {
    return DESCRIPTION;
  }

  @Override
  public DeviceModel create(DeviceContext context) {
    return new EfiFirmware(context);
  }
}
