// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.arm;

import org.osgi.service.component.annotations.Component;
import org.xenolith.hyp.api.HypervisorNode;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;

/** Offers the core to machines with A64 CPUs that have a node for a hypervisor. */
@Component(service = DeviceModelFactory.class, property = {"xenolith.compatible=" + HypervisorNode.COMPATIBLE, "xenolith.instructions=a64"})
public final class ArmHypervisorComponent implements DeviceModelFactory {
  @Override
  public ModelDescription description() {
    return new ModelDescription("Hypervisor", "Core of the Xen-ABI hypervisor: domains, virtual CPUs, traps",
        "Xen public headers, Arm ARM DDI 0487");
  }

  @Override
  public DeviceModel create(DeviceContext context) {
    return new ArmHypervisor(context);
  }
}
