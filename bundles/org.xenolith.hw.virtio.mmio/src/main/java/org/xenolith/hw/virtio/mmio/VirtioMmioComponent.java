// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.virtio.mmio;

import org.osgi.service.component.annotations.Component;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;

/** Offers the virtio MMIO transport to machines. */
@Component(service = DeviceModelFactory.class, property = "xenolith.compatible=virtio,mmio")
public final class VirtioMmioComponent implements DeviceModelFactory {
  static final ModelDescription DESCRIPTION = new ModelDescription("virtio-mmio",
      "virtio transport over memory-mapped registers, version 2, with split virtqueues",
      "OASIS Virtual I/O Device (VIRTIO) 1.2, 4.2");

  @Override
  public ModelDescription description() {
    return DESCRIPTION;
  }

  @Override
  public DeviceModel create(DeviceContext context) {
    return new VirtioMmio(context);
  }
}
