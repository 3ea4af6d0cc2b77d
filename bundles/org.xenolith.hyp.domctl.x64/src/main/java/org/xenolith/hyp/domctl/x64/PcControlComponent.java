// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.domctl.x64;

import org.osgi.service.component.annotations.Component;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;

/** Offers it to hypervisors of machines with x86-64 CPUs. Its name comes behind those of who answers CPUID, too, so that what a policy takes away stays away. */
@Component(service = DeviceModelFactory.class, property = {"xenolith.subsystem=x64.control", "xenolith.instructions=x64"})
public final class PcControlComponent implements DeviceModelFactory {
  static final ModelDescription DESCRIPTION = new ModelDescription("x64.control",
      "CPU policies and time-stamp counters of domains, by domctl and sysctl", "Xen public headers domctl.h, sysctl.h and arch-x86/xen.h");

  @Override
  public ModelDescription description() {
    return DESCRIPTION;
  }

  @Override
  public DeviceModel create(DeviceContext context) {
    return new PcControl(context, HostCpuid.of(context));
  }
}
