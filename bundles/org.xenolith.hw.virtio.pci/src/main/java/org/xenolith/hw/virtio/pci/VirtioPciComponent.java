// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.virtio.pci;

import java.util.List;
import org.osgi.service.component.annotations.Component;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;
import org.xenolith.machine.api.ModelDescription.Option;
import org.xenolith.machine.api.ModelDescription.Type;

/** Offers the virtio PCI transport to machines. */
@Component(service = DeviceModelFactory.class, property = {"xenolith.compatible=xenolith,pci-virtio",
    "xenolith.compatible=" + VirtioPciComponent.LEGACY_CARD})
public final class VirtioPciComponent implements DeviceModelFactory {
  /** A card with the legacy interface, whatever its option says. */
  static final String LEGACY_CARD = "xenolith,pci-virtio-legacy";
  private static final String LEGACY = "legacy";
  static final ModelDescription DESCRIPTION = new ModelDescription("pci-virtio",
      "virtio transport as a PCI Express endpoint, with split virtqueues and MSI-X",
      "OASIS Virtual I/O Device (VIRTIO) 1.2, 4.1", List.of(new Option(LEGACY, Type.BOOLEAN, "false",
          "Whether it has the legacy interface, a header in I/O space, instead of that of version 1", false)));

  @Override
  public ModelDescription description() {
    return DESCRIPTION;
  }

  @Override
  public DeviceModel create(DeviceContext context) {
    boolean legacy = context.node().isCompatible(LEGACY_CARD) || context.options().flag(LEGACY);
    return legacy ? new LegacyPci(context) : new VirtioPci(context);
  }
}
