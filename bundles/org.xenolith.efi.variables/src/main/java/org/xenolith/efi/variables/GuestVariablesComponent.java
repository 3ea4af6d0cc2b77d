// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.variables;

import org.osgi.service.component.annotations.Component;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;

/** Offers EFI variables to the domains of hypervisors. */
@Component(service = DeviceModelFactory.class, property = "xenolith.subsystem=efi.variables")
public final class GuestVariablesComponent implements DeviceModelFactory {
  static final ModelDescription DESCRIPTION = new ModelDescription("EFI variables of domains",
      "Variables of EFI's runtime services, a store for each domain, until the machine is reset", "UEFI 2.10, 8.2 and 32.3");

  @Override
  public ModelDescription description() {
    return DESCRIPTION;
  }

  @Override
  public DeviceModel create(DeviceContext context) {
    return new GuestVariablesModel(context);
  }
}
