// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.virtio.ninep;

import org.osgi.service.component.annotations.Component;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;

/** Offers the virtio transport of 9P to machines. */
@Component(service = DeviceModelFactory.class, property = "xenolith.function=virtio:9")
public final class VirtioNinepComponent implements DeviceModelFactory {
  static final ModelDescription DESCRIPTION = new ModelDescription("virtio-9p",
      "virtio transport of 9P with one queue; its folder is connected from outside",
      "OASIS Virtual I/O Device (VIRTIO) 1.3, 5.1 (device 9);"
          + " Linux' include/uapi/linux/virtio_9p.h");

  @Override
  public ModelDescription description() {
    return DESCRIPTION;
  }

  @Override
  public DeviceModel create(DeviceContext context) {
    return new VirtioNinep(context);
  }
}
