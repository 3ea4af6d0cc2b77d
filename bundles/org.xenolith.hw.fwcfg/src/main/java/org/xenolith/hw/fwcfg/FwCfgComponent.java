// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.fwcfg;

import org.osgi.service.component.annotations.Component;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;

/** Offers fw_cfg to machines. */
@Component(service = DeviceModelFactory.class, property = "xenolith.compatible=qemu,fw-cfg-mmio")
public final class FwCfgComponent implements DeviceModelFactory {
  @Override
  public ModelDescription description() {
    return new ModelDescription("fw_cfg", "What firmware is told by whoever launches the machine: items and named files",
        "QEMU, docs/specs/fw_cfg.rst");
  }

  @Override
  public DeviceModel create(DeviceContext context) {
    return new FwCfg(context);
  }
}
