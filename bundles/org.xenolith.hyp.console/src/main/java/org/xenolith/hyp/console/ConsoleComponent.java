// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.console;

import org.osgi.service.component.annotations.Component;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;

/** Offers consoles of domains to hypervisors. */
@Component(service = DeviceModelFactory.class, property = "xenolith.subsystem=console")
public final class ConsoleComponent implements DeviceModelFactory {
  @Override
  public ModelDescription description() {
    return new ModelDescription("Console", "console_io over the machine's UART, PV consoles of domains",
        "Xen public headers xen.h, io/console.h");
  }

  @Override
  public DeviceModel create(DeviceContext context) {
    return new ConsoleSubsystem(context);
  }
}
