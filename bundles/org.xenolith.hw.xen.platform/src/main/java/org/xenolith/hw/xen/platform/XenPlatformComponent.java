// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.xen.platform;

import java.util.List;
import org.osgi.service.component.annotations.Component;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;

/** Offers Xen's platform device to machines. */
@Component(service = DeviceModelFactory.class, property = "xenolith.compatible=xenolith,pci-xen-platform")
public final class XenPlatformComponent implements DeviceModelFactory {
  static final ModelDescription DESCRIPTION = new ModelDescription("pci-xen-platform",
      "PCI function by which a guest finds Xen, and room for its grant table", "its README", List.of());

  @Override
  public ModelDescription description() {
    return DESCRIPTION;
  }

  @Override
  public DeviceModel create(DeviceContext context) {
    return new XenPlatform(context);
  }
}
