// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.pci.xgene;

import org.osgi.service.component.annotations.Component;
import org.xenolith.efi.boot.kit.LayerModel;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;

/** Offers the layer to firmware. */
@Component(service = DeviceModelFactory.class, property = "xenolith.efi-layer=efi.pci.xgene")
public final class XgeneRootComponent implements DeviceModelFactory {
  static final ModelDescription DESCRIPTION = new ModelDescription("EFI: X-Gene root bridge",
      "Root bridge protocol of boot services on PCIe ports of APM X-Gene v1",
      "UEFI 2.10, 14.2; devicetree binding pci/xgene-pci; register facts of Linux, pci-xgene.c");

  @Override
  public ModelDescription description() {
    return DESCRIPTION;
  }

  @Override
  public DeviceModel create(DeviceContext context) {
    return new LayerModel(context, new XgeneRootLayer());
  }
}
