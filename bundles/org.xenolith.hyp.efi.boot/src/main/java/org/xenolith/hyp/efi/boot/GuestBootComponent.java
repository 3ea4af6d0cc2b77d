// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.efi.boot;

import org.osgi.service.component.annotations.Component;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;

/** Offers domains firmware with boot services. */
@Component(service = DeviceModelFactory.class, property = "xenolith.subsystem=efi.boot")
public final class GuestBootComponent implements DeviceModelFactory {
  static final ModelDescription DESCRIPTION = new ModelDescription("EFI boot services of domains",
      "Passes on what the program of our own firmware calls in a domain", "UEFI 2.10, chapter 7; Arm DEN 0028E");

  @Override
  public ModelDescription description() {
    return DESCRIPTION;
  }

  @Override
  public DeviceModel create(DeviceContext context) {
    return new GuestBootModel(context);
  }
}
