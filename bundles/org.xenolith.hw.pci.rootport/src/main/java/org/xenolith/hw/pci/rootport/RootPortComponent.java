// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.pci.rootport;

import java.util.List;
import org.osgi.service.component.annotations.Component;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;

/** Offers root ports to machines. */
@Component(service = DeviceModelFactory.class, property = "xenolith.compatible=xenolith,pci-root-port")
public final class RootPortComponent implements DeviceModelFactory {
  static final ModelDescription DESCRIPTION = new ModelDescription("pci-root-port",
      "PCI Express root port: a bus of its own behind a link", "PCI Express Base 4.0, 7.5.1.3", List.of());

  @Override
  public ModelDescription description() {
    return DESCRIPTION;
  }

  @Override
  public DeviceModel create(DeviceContext context) {
    return new RootPort(context);
  }
}
