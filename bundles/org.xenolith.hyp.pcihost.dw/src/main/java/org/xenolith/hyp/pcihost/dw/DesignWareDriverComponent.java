// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.pcihost.dw;

import java.util.List;
import org.osgi.service.component.annotations.Component;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;
import org.xenolith.machine.api.ModelDescription.Option;
import org.xenolith.machine.api.ModelDescription.Type;

/** Offers hypervisors the driver for DesignWare host bridges. */
@Component(service = DeviceModelFactory.class, property = {"xenolith.subsystem=pcihost.dw", "xenolith.instructions=a64"})
public final class DesignWareDriverComponent implements DeviceModelFactory {
  static final String HIDE_GHOSTS = "dw-hide-ghosts";
  static final ModelDescription DESCRIPTION = new ModelDescription("DesignWare host bridges",
      "The hypervisor's driver for DesignWare PCIe host bridges that firmware has set up as ECAM",
      "devicetree binding host-generic-pci; register facts of Linux, pci-host-generic.c", List.of(
          new Option(HIDE_GHOSTS, Type.BOOLEAN, "true",
              "Devices above 0 on the root bus aren't there: the core answers for each with its only device", true)));

  @Override
  public ModelDescription description() {
    return DESCRIPTION;
  }

  @Override
  public DeviceModel create(DeviceContext context) {
    return new DesignWareDriver(context);
  }
}
