// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.ns16550;

import org.osgi.service.component.annotations.Component;
import org.xenolith.efi.boot.kit.LayerModel;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;

/** Offers the layer to firmware. */
@Component(service = DeviceModelFactory.class, property = "xenolith.efi-layer=efi.ns16550")
public final class Ns16550SerialComponent implements DeviceModelFactory {
  static final ModelDescription DESCRIPTION = new ModelDescription("EFI: 16550",
      "Serial protocol of boot services on the PC's UART", "UEFI 2.10, 12.8; National Semiconductor PC16550D");

  @Override
  public ModelDescription description() {
    return DESCRIPTION;
  }

  @Override
  public DeviceModel create(DeviceContext context) {
    return new LayerModel(context, new Ns16550SerialLayer());
  }
}
