// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.virtio.mmio;

import java.util.List;
import org.osgi.service.component.annotations.Component;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;
import org.xenolith.machine.api.ModelDescription.Option;
import org.xenolith.machine.api.ModelDescription.Type;

/** Offers the virtio MMIO transport to machines. */
@Component(service = DeviceModelFactory.class, property = "xenolith.compatible=virtio,mmio")
public final class VirtioMmioComponent implements DeviceModelFactory {
  private static final String LEGACY = "legacy";
  static final ModelDescription DESCRIPTION = new ModelDescription("virtio-mmio",
      "virtio transport over memory-mapped registers, with split virtqueues", "OASIS Virtual I/O Device (VIRTIO) 1.2, 4.2", List.of(
          new Option(LEGACY, Type.BOOLEAN, "false", "Whether it has the legacy interface, version 1, instead of version 2", false)));

  @Override
  public ModelDescription description() {
    return DESCRIPTION;
  }

  @Override
  public DeviceModel create(DeviceContext context) {
    return context.options().flag(LEGACY) ? new LegacyMmio(context) : new VirtioMmio(context);
  }
}
