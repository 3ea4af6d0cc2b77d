// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.xgene;

import org.osgi.service.component.annotations.Component;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;

/** Offers the firmware's part to machines that {@link XgeneFirmwareShaper} has given its node. */
@Component(service = DeviceModelFactory.class, property = "xenolith.compatible=" + XgeneFirmwareComponent.COMPATIBLE)
public final class XgeneFirmwareComponent implements DeviceModelFactory {
  static final String COMPATIBLE = "xenolith,xgene-firmware";
  static final ModelDescription DESCRIPTION = new ModelDescription("xgene-firmware",
      "Brings up the PCIe ports of APM X-Gene v1 at power-on", "devicetree binding pci/xgene-pci; register facts of Linux, pci-xgene.c");

  @Override
  public ModelDescription description() {
    return DESCRIPTION;
  }

  @Override
  public DeviceModel create(DeviceContext context) {
    return new XgeneFirmware(context);
  }
}
