// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.grant;

import org.osgi.service.component.annotations.Component;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;

/** Offers grant tables. */
@Component(service = DeviceModelFactory.class, property = "xenolith.subsystem=grant")
public final class GrantComponent implements DeviceModelFactory {
  private static final ModelDescription DESCRIPTION = new ModelDescription("grant",
      "Grant tables of version 1, and hypercall grant_table_op", "Xen public header grant_table.h");

  @Override
  public ModelDescription description() {
    return DESCRIPTION;
  }

  @Override
  public DeviceModel create(DeviceContext context) {
    return new GrantModel(context);
  }
}
