// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.virtio.scsi;

import java.util.List;
import org.osgi.service.component.annotations.Component;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;
import org.xenolith.machine.api.ModelDescription.Option;
import org.xenolith.machine.api.ModelDescription.Type;

/** Offers the virtio SCSI host device to machines. */
@Component(service = DeviceModelFactory.class, property = "xenolith.function=virtio:8")
public final class VirtioScsiComponent implements DeviceModelFactory {
  static final String LATENCY = "latency-us";
  static final String QUEUES = "request-queues";
  static final ModelDescription DESCRIPTION = new ModelDescription("virtio-scsi",
      "virtio SCSI host device; its disks and CD-ROMs are attached from outside",
      "OASIS Virtual I/O Device (VIRTIO) 1.2, 5.6; SPC-4; SBC-3; MMC-6", List.of(
          new Option(LATENCY, Type.INTEGER, "20", "Virtual time from a command to its completion, in microseconds", false),
          new Option(QUEUES, Type.INTEGER, "1", "How many request queues there are, 1 to 6", false)));

  @Override
  public ModelDescription description() {
    return DESCRIPTION;
  }

  @Override
  public DeviceModel create(DeviceContext context) {
    return new VirtioScsi(context);
  }
}
