// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.flash.blank;

import org.osgi.service.component.annotations.Component;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;

/** Offers blank flash to machines. */
@Component(service = DeviceModelFactory.class, property = "xenolith.compatible=xenolith,blank-flash")
public final class BlankFlashComponent implements DeviceModelFactory {
  @Override
  public ModelDescription description() {
    return new ModelDescription("blank-flash", "NOR flash that nothing was written to, read only",
        "JEDEC JESD68.01 (what is erased reads as ones); QEMU, docs/system/arm/virt.rst (flash of its virt)");
  }

  @Override
  public DeviceModel create(DeviceContext context) {
    return new BlankFlash(context);
  }
}
