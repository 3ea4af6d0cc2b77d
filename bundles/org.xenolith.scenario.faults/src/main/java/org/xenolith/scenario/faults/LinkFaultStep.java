// SPDX-License-Identifier: EPL-2.0
package org.xenolith.scenario.faults;

import java.util.Set;
import org.osgi.service.component.annotations.Component;
import org.xenolith.machine.control.HardwareFault;
import org.xenolith.machine.control.HardwareFault.Link.Manner;
import org.xenolith.scenario.api.ScenarioFault;

/** {@code fault: link}: the network, the serial line or the PCI bus behind a device is down, or loses frames or bytes. */
@Component(service = ScenarioFault.class)
public final class LinkFaultStep extends HardwareFaultStep {
  private static final String EVERY = "every";

  @Override
  public String kind() {
    return "link";
  }

  @Override
  public Set<String> keys() {
    return Set.of("node", "is", EVERY);
  }

  @Override
  HardwareFault fault(FaultArguments arguments) {
    Manner manner = arguments.one("is", Manner.class);
    if (manner == Manner.DOWN && arguments.text(EVERY).isPresent()) {
      throw new IllegalArgumentException("every: each how many-th frame or byte is lost, and not of a link that is down");
    }
    return new HardwareFault.Link(arguments.need("node"), manner, manner == Manner.LOST ? arguments.number(EVERY, 1, 1) : 0);
  }
}
