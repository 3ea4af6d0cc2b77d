// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.virtio.console;

import org.osgi.service.component.annotations.Component;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;

/** Offers the virtio console to machines. */
@Component(service = DeviceModelFactory.class, property = "xenolith.function=virtio:3")
public final class VirtioConsoleComponent implements DeviceModelFactory {
  @Override
  public ModelDescription description() {
    return new ModelDescription("virtio-console", "virtio console with one port", "OASIS Virtual I/O Device (VIRTIO) 1.2, 5.3");
  }

  @Override
  public DeviceModel create(DeviceContext context) {
    return new VirtioConsole(context);
  }
}
