// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.hvm;

import org.osgi.service.component.annotations.Component;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;

/** Offers parameters of domains. */
@Component(service = DeviceModelFactory.class, property = "xenolith.subsystem=hvm")
public final class ParameterComponent implements DeviceModelFactory {
  static final ModelDescription DESCRIPTION = new ModelDescription("HVM parameters",
      "Hypercall 34: where a domain finds its store, console and event interrupt",
      "Xen public headers hvm/hvm_op.h and hvm/params.h");

  @Override
  public ModelDescription description() {
    return DESCRIPTION;
  }

  @Override
  public DeviceModel create(DeviceContext context) {
    return new ParameterSubsystem(context);
  }
}
