// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.direct;

import org.osgi.service.component.annotations.Component;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;

/** Offers the direct way in to the firmware of machines. */
@Component(service = DeviceModelFactory.class, property = {"xenolith.firmware=direct", "xenolith.instructions=a64"})
public final class DirectComponent implements DeviceModelFactory {
  static final ModelDescription DESCRIPTION = new ModelDescription("EFI runtime services, called directly",
      "Answers the code that firmware leaves in memory for an operating system", "UEFI 2.10, 4.5 and chapter 8; Arm DEN 0028E");

  @Override
  public ModelDescription description() {
    return DESCRIPTION;
  }

  @Override
  public DeviceModel create(DeviceContext context) {
    return new DirectModel(context, VirtualPointers::new);
  }
}
