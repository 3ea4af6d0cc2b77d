// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.scenario;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.osgi.service.component.annotations.Component;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.EventChannelsPort;
import org.xenolith.machine.control.Machine;
import org.xenolith.scenario.api.ScenarioCheck;

/** {@code check: event-channel}: how many ports of a domain are open. */
@Component
public final class ChannelCheck implements ScenarioCheck {
  @Override
  public String kind() {
    return "event-channel";
  }

  @Override
  public Set<String> keys() {
    return Set.of("domain", "open");
  }

  @Override
  public Optional<String> complaint(Machine machine, Map<String, String> arguments) {
    View view = new View(machine);
    Domain domain = view.need(arguments.get("domain"));
    if (!arguments.containsKey("open")) {
      throw new IllegalArgumentException("the key 'open' is missing");
    }
    return Range.complaint(arguments.get("open"), view.port(EventChannelsPort.class).open(domain), "open ports of domain '"
        + domain.name() + "'");
  }
}
