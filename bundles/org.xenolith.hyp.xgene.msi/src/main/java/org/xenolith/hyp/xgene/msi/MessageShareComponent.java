// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.xgene.msi;

import java.util.List;
import org.osgi.service.component.annotations.Component;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;
import org.xenolith.machine.api.ModelDescription.Option;
import org.xenolith.machine.api.ModelDescription.Type;
import org.xenolith.machine.api.PhysicalBus;

/** Offers hypervisors to give a guest a share of X-Gene's message controller. */
@Component(service = DeviceModelFactory.class, property = {"xenolith.subsystem=xgenemsi", "xenolith.instructions=a64"})
public final class MessageShareComponent implements DeviceModelFactory {
  /** The same policy as that of PCI functions: it allows them to be given, here is what their messages need. */
  static final String UNSAFE_MSI = "unsafe-msi";

  static final ModelDescription DESCRIPTION = new ModelDescription("xgenemsi",
      "Shares of X-Gene's message controller for guests", "devicetree binding pci/xgene-pci-msi; register facts of Linux, pci-xgene-msi.c",
      List.of(new Option(UNSAFE_MSI, Type.BOOLEAN, "false", "Keeps 16 messages of the controller for a guest", false)));

  @Override
  public ModelDescription description() {
    return DESCRIPTION;
  }

  @Override
  public DeviceModel create(DeviceContext context) {
    PhysicalBus bus = context.memory().physical();
    return new MessageShare(context, context.options().flag(UNSAFE_MSI) ? HostController.of(context.platform(), bus).orElse(null) : null);
  }
}
