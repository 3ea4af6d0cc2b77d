// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.ramfb;

import org.osgi.service.component.annotations.Component;
import org.xenolith.efi.boot.kit.LayerModel;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;

/** Offers the layer to firmware. */
@Component(service = DeviceModelFactory.class, property = "xenolith.efi-layer=efi.ramfb")
public final class GraphicsOutputComponent implements DeviceModelFactory {
  @Override
  public ModelDescription description() {
    return new ModelDescription("EFI: ramfb", "Graphics output protocol of boot services on QEMU's display ramfb",
        "UEFI 2.10, 12.9; QEMU, docs/specs/fw_cfg.rst");
  }

  @Override
  public DeviceModel create(DeviceContext context) {
    return new LayerModel(context, new GraphicsOutputLayer());
  }
}
