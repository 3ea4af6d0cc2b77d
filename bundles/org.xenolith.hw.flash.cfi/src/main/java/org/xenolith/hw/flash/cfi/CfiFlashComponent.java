// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.flash.cfi;

import org.osgi.service.component.annotations.Component;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;

/** Offers NOR flash to machines. */
@Component(service = DeviceModelFactory.class, property = "xenolith.compatible=cfi-flash")
public final class CfiFlashComponent implements DeviceModelFactory {
  @Override
  public ModelDescription description() {
    return new ModelDescription("CFI flash", "Parallel NOR flash, erased at first, with Intel's command set",
        "JEDEC JESD68.01 (common flash interface), JEP137 (command set 1); Intel 290667 (28F640J3), 306666 (P30)");
  }

  @Override
  public DeviceModel create(DeviceContext context) {
    return new CfiFlash(context);
  }
}
