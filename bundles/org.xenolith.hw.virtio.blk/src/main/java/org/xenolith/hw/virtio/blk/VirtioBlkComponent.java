// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.virtio.blk;

import java.util.List;
import org.osgi.service.component.annotations.Component;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;
import org.xenolith.machine.api.ModelDescription.Option;
import org.xenolith.machine.api.ModelDescription.Type;

/** Offers the virtio disk to machines. */
@Component(service = DeviceModelFactory.class, property = "xenolith.function=virtio:2")
public final class VirtioBlkComponent implements DeviceModelFactory {
  static final ModelDescription DESCRIPTION = new ModelDescription("virtio-blk",
      "virtio block device with one queue; its disk is attached from outside",
      "OASIS Virtual I/O Device (VIRTIO) 1.2, 5.2", List.of(
          new Option("latency-us", Type.INTEGER, "20",
              "Virtual time from a request to its completion, in microseconds", false)));

  @Override
  public ModelDescription description() {
    return DESCRIPTION;
  }

  @Override
  public DeviceModel create(DeviceContext context) {
    return new VirtioBlk(context);
  }
}
