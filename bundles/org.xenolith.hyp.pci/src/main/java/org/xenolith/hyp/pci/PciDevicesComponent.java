// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.pci;

import java.util.List;
import org.osgi.service.component.annotations.Component;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;
import org.xenolith.machine.api.ModelDescription.Option;
import org.xenolith.machine.api.ModelDescription.Type;
import org.xenolith.machine.api.ModelException;

/** Offers hypervisors to know PCI functions and give them to domains. */
@Component(service = DeviceModelFactory.class, property = "xenolith.subsystem=pci")
public final class PciDevicesComponent implements DeviceModelFactory {
  static final String SCAN = "scan";
  static final String UNSAFE_MSI = "unsafe-msi";
  static final String STRICT_XEN = "strict-xen";

  static final ModelDescription DESCRIPTION = new ModelDescription("PCI functions",
      "PCI functions that the hypervisor knows, and which domain has each", "PCI Express Base 4.0; Xen public header physdev.h", List.of(
          new Option(SCAN, Type.STRING, "dom0",
              "Who finds functions: dom0 (it tells of them), or hypervisor (it looks on the buses that are configured when Dom0 starts)",
              false),
          new Option(UNSAFE_MSI, Type.BOOLEAN, "false",
              "Gives functions to domains though nothing tells whose their messages are: the domain can raise others' interrupts", false),
          new Option(STRICT_XEN, Type.BOOLEAN, "false",
              "As Xen does: functions needn't be set aside, groups may be torn apart, and what can't be reset may be given", false)));

  @Override
  public ModelDescription description() {
    return DESCRIPTION;
  }

  @Override
  public DeviceModel create(DeviceContext context) {
    String scan = context.options().text(SCAN);
    if (!scan.equals("dom0") && !scan.equals("hypervisor")) {
      throw new ModelException(context.instance() + ": " + SCAN + "=" + scan + ": expected dom0 or hypervisor");
    }
    return new PciSubsystem(context, scan.equals("hypervisor"));
  }
}
