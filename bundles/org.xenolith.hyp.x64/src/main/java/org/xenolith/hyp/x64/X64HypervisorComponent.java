// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.x64;

import org.osgi.service.component.annotations.Component;
import org.xenolith.hyp.api.HypervisorNode;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;

/** Offers the core to machines with x86-64 CPUs that have a node for a hypervisor. */
@Component(service = DeviceModelFactory.class, property = {"xenolith.compatible=" + HypervisorNode.COMPATIBLE, "xenolith.instructions=x64"})
public final class X64HypervisorComponent implements DeviceModelFactory {
  @Override
  public ModelDescription description() {
    return new ModelDescription("Hypervisor", "Core of the Xen-ABI hypervisor: domains, virtual CPUs, exits",
        "Xen public headers, AMD64 Architecture Programmer's Manual volume 2");
  }

  @Override
  public DeviceModel create(DeviceContext context) {
    return new X64Hypervisor(context);
  }
}
