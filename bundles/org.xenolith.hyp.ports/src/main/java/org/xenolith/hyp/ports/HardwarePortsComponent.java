// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.ports;

import org.osgi.service.component.annotations.Component;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;

/** Offers the machine's I/O ports to hypervisors of machines with x86-64 CPUs. */
@Component(service = DeviceModelFactory.class, property = {"xenolith.subsystem=ports", "xenolith.instructions=x64"})
public final class HardwarePortsComponent implements DeviceModelFactory {
  static final ModelDescription DESCRIPTION = new ModelDescription("ports",
      "The machine's I/O ports for the hardware domain, but for those that the hypervisor keeps", "Xen's docs/misc/pvh.pandoc");

  @Override
  public ModelDescription description() {
    return DESCRIPTION;
  }

  @Override
  public DeviceModel create(DeviceContext context) {
    return new HardwarePorts(context);
  }
}
