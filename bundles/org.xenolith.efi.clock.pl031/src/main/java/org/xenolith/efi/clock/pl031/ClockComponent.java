// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.clock.pl031;

import org.osgi.service.component.annotations.Component;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;

/** Offers the PL031 as clock to the firmware of machines. */
@Component(service = DeviceModelFactory.class, property = "xenolith.firmware=clock.pl031")
public final class ClockComponent implements DeviceModelFactory {
  static final ModelDescription DESCRIPTION = new ModelDescription("EFI clock of a PL031",
      "Date and wake-up alarm of EFI's runtime services, from the board's arm,pl031", "UEFI 2.10, 8.3; Arm DDI 0224C");

  @Override
  public ModelDescription description() {
    return DESCRIPTION;
  }

  @Override
  public DeviceModel create(DeviceContext context) {
    return new Pl031Clock(context);
  }
}
