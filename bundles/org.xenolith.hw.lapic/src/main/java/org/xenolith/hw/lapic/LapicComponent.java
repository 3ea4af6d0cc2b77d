// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.lapic;

import java.util.List;
import org.osgi.service.component.annotations.Component;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;
import org.xenolith.machine.api.ModelDescription.Option;
import org.xenolith.machine.api.ModelDescription.Type;

/** Offers local APICs to machines. */
@Component(service = DeviceModelFactory.class, property = "xenolith.compatible=intel,ce4100-lapic")
public final class LapicComponent implements DeviceModelFactory {
  static final ModelDescription DESCRIPTION = new ModelDescription("local APIC",
      "Local APICs of all CPUs: xAPIC and x2APIC mode, timers, interprocessor interrupts, interrupt messages",
      "Intel SDM volume 3, chapter 12",
      List.of(
          new Option("frequency", Type.INTEGER, "1000000000",
              "Frequency of the timers before their divider in Hz, 1 to 4294967295, unless the node says clock-frequency", false),
          new Option("x2apic", Type.BOOLEAN, "true", "Whether they have the x2APIC mode", false),
          new Option("tsc-deadline", Type.BOOLEAN, "true", "Whether the timers have the TSC-deadline mode", false),
          new Option("lowest-priority-ipis", Type.BOOLEAN, "true",
              "Whether interprocessor interrupts may have the delivery mode lowest priority; without, they are an error (ESR bit 4)",
              false)));

  @Override
  public ModelDescription description() {
    return DESCRIPTION;
  }

  @Override
  public DeviceModel create(DeviceContext context) {
    return new Lapic(context);
  }
}
