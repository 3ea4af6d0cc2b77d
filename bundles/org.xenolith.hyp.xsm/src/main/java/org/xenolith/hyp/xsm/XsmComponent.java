// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.xsm;

import org.osgi.service.component.annotations.Component;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;

/** Offers the default policy to hypervisors. */
@Component(service = DeviceModelFactory.class, property = "xenolith.subsystem=xsm")
public final class XsmComponent implements DeviceModelFactory {
  static final ModelDescription DESCRIPTION = new ModelDescription("XSM", "Access control by Xen's default policy",
      "Xen 4.17, the default of its security modules");

  @Override
  public ModelDescription description() {
    return DESCRIPTION;
  }

  @Override
  public DeviceModel create(DeviceContext context) {
    return new DefaultPolicy(context);
  }
}
