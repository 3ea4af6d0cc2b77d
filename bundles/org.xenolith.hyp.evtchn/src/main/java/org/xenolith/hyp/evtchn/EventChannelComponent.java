// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.evtchn;

import java.util.List;
import org.osgi.service.component.annotations.Component;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;
import org.xenolith.machine.api.ModelDescription.Option;
import org.xenolith.machine.api.ModelDescription.Type;

/** Offers event channels to hypervisors. */
@Component(service = DeviceModelFactory.class, property = "xenolith.subsystem=evtchn")
public final class EventChannelComponent implements DeviceModelFactory {
  /** The option that says how many ports a guest may have. */
  static final String GUEST_PORTS = "guest-ports";
  static final ModelDescription DESCRIPTION = new ModelDescription("Event channels",
      "Hypercall 32, the 2-level and FIFO ABIs, and virtual interrupts", "Xen public header event_channel.h", List.of(
          new Option(GUEST_PORTS, Type.INTEGER, "1023",
              "Highest port that a guest other than Dom0 may have (max_event_channels of xl.cfg)", false)));

  @Override
  public ModelDescription description() {
    return DESCRIPTION;
  }

  @Override
  public DeviceModel create(DeviceContext context) {
    return new EventChannelSubsystem(context);
  }
}
