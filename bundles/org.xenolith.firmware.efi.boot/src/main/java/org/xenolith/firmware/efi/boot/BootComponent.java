// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.efi.boot;

import org.osgi.service.component.annotations.Component;
import org.xenolith.efi.boot.api.BootNode;
import org.xenolith.efi.kit.RuntimeServicesCode.Conduit;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;

/** Offers the core of firmware with boot services to machines. */
@Component(service = DeviceModelFactory.class, property = {"xenolith.compatible=" + BootNode.COMPATIBLE, "xenolith.instructions=a64"})
public final class BootComponent implements DeviceModelFactory {
  static final ModelDescription DESCRIPTION = new ModelDescription("EFI boot services",
      "UEFI firmware of our own, made of the layers that bundles add to it", "UEFI 2.10, chapters 4 and 7");

  @Override
  public ModelDescription description() {
    return DESCRIPTION;
  }

  @Override
  public DeviceModel create(DeviceContext context) {
    return new BootModel(context, Conduit.HVC);
  }
}
