// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.virtio.net;

import org.osgi.service.component.annotations.Component;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;

/** Offers the virtio network card to machines. */
@Component(service = DeviceModelFactory.class, property = "xenolith.function=virtio:1")
public final class VirtioNetComponent implements DeviceModelFactory {
  @Override
  public ModelDescription description() {
    return new ModelDescription("virtio-net", "virtio network card with one pair of queues, on a segment inside the machine",
        "OASIS Virtual I/O Device (VIRTIO) 1.2, 5.1");
  }

  @Override
  public DeviceModel create(DeviceContext context) {
    return new VirtioNet(context);
  }
}
