// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.pci.rogue;

import java.util.List;
import org.osgi.service.component.annotations.Component;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;

/** Offers the rogue endpoint to machines. */
@Component(service = DeviceModelFactory.class, property = "xenolith.compatible=xenolith,pci-rogue")
public final class RogueComponent implements DeviceModelFactory {
  static final ModelDescription DESCRIPTION = new ModelDescription("pci-rogue",
      "PCI endpoint that reads, writes and sends messages as it is told, for tests of isolation", "its README", List.of());

  @Override
  public ModelDescription description() {
    return DESCRIPTION;
  }

  @Override
  public DeviceModel create(DeviceContext context) {
    return new Rogue(context);
  }
}
