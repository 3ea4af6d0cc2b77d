// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.virtionet;

import org.osgi.service.component.annotations.Component;
import org.xenolith.efi.boot.kit.LayerModel;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;

/** Offers the layer to firmware. */
@Component(service = DeviceModelFactory.class, property = "xenolith.efi-layer=efi.virtionet")
public final class VirtioNetworkComponent implements DeviceModelFactory {
  static final ModelDescription DESCRIPTION = new ModelDescription("EFI: virtio-net",
      "Network interfaces of boot services on virtio cards", "UEFI 2.10, 24.1; Virtio 1.2, 5.1");

  @Override
  public ModelDescription description() {
    return DESCRIPTION;
  }

  @Override
  public DeviceModel create(DeviceContext context) {
    return new LayerModel(context, new VirtioNetworkLayer());
  }
}
