// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.multicall;

import org.osgi.service.component.annotations.Component;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;

/** Offers many hypercalls in one. */
@Component(service = DeviceModelFactory.class, property = "xenolith.subsystem=multicall")
public final class MulticallComponent implements DeviceModelFactory {
  static final ModelDescription DESCRIPTION = new ModelDescription("Multicall",
      "Hypercall 13: a list of hypercalls made one after the other", "Xen public header xen.h");

  @Override
  public ModelDescription description() {
    return DESCRIPTION;
  }

  @Override
  public DeviceModel create(DeviceContext context) {
    return new MulticallSubsystem(context);
  }
}
