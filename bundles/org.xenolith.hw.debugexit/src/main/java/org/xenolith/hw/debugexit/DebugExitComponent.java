// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.debugexit;

import org.osgi.service.component.annotations.Component;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;

/** Offers the device to machines. */
@Component(service = DeviceModelFactory.class, property = "xenolith.compatible=" + DebugExitComponent.COMPATIBLE)
public final class DebugExitComponent implements DeviceModelFactory {
  static final String COMPATIBLE = "xenolith,debug-exit";

  @Override
  public ModelDescription description() {
    return new ModelDescription("Debug exit", "A port with which a guest ends the run with an exit status of its own",
        "QEMU, hw/misc/debugexit.c (isa-debug-exit)");
  }

  @Override
  public DeviceModel create(DeviceContext context) {
    return new DebugExit(context);
  }
}
