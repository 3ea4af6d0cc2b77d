// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.xgene.msi;

import org.osgi.service.component.annotations.Component;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;

/** Offers X-Gene v1's MSI controller to machines. */
@Component(service = DeviceModelFactory.class, property = "xenolith.compatible=apm,xgene1-msi")
public final class XgeneMsiComponent implements DeviceModelFactory {
  static final ModelDescription DESCRIPTION = new ModelDescription("xgene1-msi",
      "MSI controller of APM X-Gene v1: 2048 messages that become 16 shared interrupts",
      "devicetree binding pci/xgene-pci-msi; register facts of Linux, pci-xgene-msi.c");

  @Override
  public ModelDescription description() {
    return DESCRIPTION;
  }

  @Override
  public DeviceModel create(DeviceContext context) {
    return new XgeneMsi(context);
  }
}
