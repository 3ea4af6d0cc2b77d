// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.ramfb;

import org.osgi.service.component.annotations.Component;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;

/** Offers the display to machines. */
@Component(service = DeviceModelFactory.class, property = "xenolith.function=" + RamfbComponent.FUNCTION)
public final class RamfbComponent implements DeviceModelFactory {
  /** What nodes of fw_cfg say that have the display. */
  static final String FUNCTION = "fw-cfg:ramfb";

  @Override
  public ModelDescription description() {
    return new ModelDescription("ramfb", "A display whose frame buffer lies in the guest's memory; fw_cfg tells where",
        "QEMU, docs/specs/fw_cfg.rst and hw/display/ramfb.c");
  }

  @Override
  public DeviceModel create(DeviceContext context) {
    return new Ramfb(context);
  }
}
