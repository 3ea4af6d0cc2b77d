// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.pcihost.dw;

import java.util.List;
import org.osgi.service.component.annotations.Component;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;
import org.xenolith.machine.api.ModelDescription.Option;
import org.xenolith.machine.api.ModelDescription.Type;

/** Offers DesignWare's host bridges in ECAM mode to machines. The last one's name no guest knows: see the README. */
@Component(service = DeviceModelFactory.class,
    property = {"xenolith.compatible=marvell,armada8k-pcie-ecam", "xenolith.compatible=snps,dw-pcie-ecam",
        "xenolith.compatible=xenolith,dw-pcie-ecam"})
public final class DesignWareHostComponent implements DeviceModelFactory {
  static final String GHOST_DEVICES = "ghost-devices";

  static final ModelDescription DESCRIPTION = new ModelDescription("pci-host-designware",
      "DesignWare PCIe controller that firmware has put into ECAM mode",
      "devicetree binding designware-pcie-ecam; PCI Express Base 4.0, 7.2.2; register facts of Linux, pci-host-generic.c", List.of(
          new Option(GHOST_DEVICES, Type.BOOLEAN, "true",
              "Device 0 of the root bus answers configuration cycles of all 32 devices, as nothing filters those of type 0", true)));

  @Override
  public ModelDescription description() {
    return DESCRIPTION;
  }

  @Override
  public DeviceModel create(DeviceContext context) {
    return new DesignWareHost(context);
  }
}
