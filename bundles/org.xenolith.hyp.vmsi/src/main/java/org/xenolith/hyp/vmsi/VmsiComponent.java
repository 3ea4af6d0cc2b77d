// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.vmsi;

import org.osgi.service.component.annotations.Component;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;

/** Offers message translation to hypervisors of machines with x86-64 CPUs. */
@Component(service = DeviceModelFactory.class, property = {"xenolith.subsystem=vmsi", "xenolith.instructions=x64"})
public final class VmsiComponent implements DeviceModelFactory {
  static final ModelDescription DESCRIPTION = new ModelDescription("vmsi",
      "Messages of PCI functions: a vector of the machine's for each, which becomes the domain's", "Intel SDM volume 3, 12.11");

  @Override
  public ModelDescription description() {
    return DESCRIPTION;
  }

  @Override
  public DeviceModel create(DeviceContext context) {
    return new Vmsi(context);
  }
}
