// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.vcpu;

import org.osgi.service.component.annotations.Component;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;

/** Offers what virtual CPUs share with the hypervisor. */
@Component(service = DeviceModelFactory.class, property = "xenolith.subsystem=vcpu")
public final class VcpuComponent implements DeviceModelFactory {
  static final ModelDescription DESCRIPTION = new ModelDescription("vCPU operations",
      "Hypercall 24: where a virtual CPU shares vcpu_info and its run state", "Xen public header vcpu.h");

  @Override
  public ModelDescription description() {
    return DESCRIPTION;
  }

  @Override
  public DeviceModel create(DeviceContext context) {
    return new VcpuSubsystem(context);
  }
}
