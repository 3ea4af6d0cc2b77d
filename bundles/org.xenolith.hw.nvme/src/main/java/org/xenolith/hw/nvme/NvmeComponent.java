// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.nvme;

import java.util.List;
import org.osgi.service.component.annotations.Component;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;
import org.xenolith.machine.api.ModelDescription.Option;
import org.xenolith.machine.api.ModelDescription.Type;

/** Offers NVMe controllers to machines. */
@Component(service = DeviceModelFactory.class, property = "xenolith.compatible=xenolith,pci-nvme")
public final class NvmeComponent implements DeviceModelFactory {
  static final ModelDescription DESCRIPTION = new ModelDescription("pci-nvme",
      "NVMe controller with one namespace, a PCI Express endpoint; its disk is attached from outside",
      "NVM Express 1.4", List.of(
          new Option("latency-us", Type.INTEGER, "20",
              "Virtual time from a command to its completion, in microseconds", false)));

  @Override
  public ModelDescription description() {
    return DESCRIPTION;
  }

  @Override
  public DeviceModel create(DeviceContext context) {
    return new Nvme(context);
  }
}
