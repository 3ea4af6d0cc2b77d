// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.virtio.pci;

import java.util.List;
import org.osgi.service.component.annotations.Component;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;

/** Offers the virtio PCI transport to machines. */
@Component(service = DeviceModelFactory.class, property = "xenolith.compatible=xenolith,pci-virtio")
public final class VirtioPciComponent implements DeviceModelFactory {
  static final ModelDescription DESCRIPTION = new ModelDescription("pci-virtio",
      "virtio transport as a PCI Express endpoint, with split virtqueues and MSI-X",
      "OASIS Virtual I/O Device (VIRTIO) 1.2, 4.1", List.of());

  @Override
  public ModelDescription description() {
    return DESCRIPTION;
  }

  @Override
  public DeviceModel create(DeviceContext context) {
    return new VirtioPci(context);
  }
}
