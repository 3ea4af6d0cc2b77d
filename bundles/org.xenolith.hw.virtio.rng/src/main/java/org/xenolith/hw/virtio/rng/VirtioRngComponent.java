// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.virtio.rng;

import java.util.List;
import org.osgi.service.component.annotations.Component;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;
import org.xenolith.machine.api.ModelDescription.Option;
import org.xenolith.machine.api.ModelDescription.Type;

/** Offers the virtio entropy device to machines. */
@Component(service = DeviceModelFactory.class, property = "xenolith.function=virtio:4")
public final class VirtioRngComponent implements DeviceModelFactory {
  static final String SEED = "seed";
  static final ModelDescription DESCRIPTION = new ModelDescription("virtio-rng",
      "virtio entropy device whose bytes are the same in every run", "OASIS Virtual I/O Device (VIRTIO) 1.2, 5.4",
      List.of(new Option(SEED, Type.INTEGER, "0", "What its bytes follow from, beside the path of its node; any number of 64 bits",
          false)));

  @Override
  public ModelDescription description() {
    return DESCRIPTION;
  }

  @Override
  public DeviceModel create(DeviceContext context) {
    return new VirtioRng(context);
  }
}
