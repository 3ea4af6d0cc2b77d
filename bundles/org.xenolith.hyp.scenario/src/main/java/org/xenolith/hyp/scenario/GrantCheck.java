// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.scenario;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.osgi.service.component.annotations.Component;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.GrantsPort;
import org.xenolith.machine.control.Machine;
import org.xenolith.scenario.api.ScenarioCheck;

/** {@code check: grant}: how many pages of others a domain maps, and how many mappings others hold of its own. */
@Component
public final class GrantCheck implements ScenarioCheck {
  @Override
  public String kind() {
    return "grant";
  }

  @Override
  public Set<String> keys() {
    return Set.of("domain", "maps", "lends");
  }

  @Override
  public Optional<String> complaint(Machine machine, Map<String, String> arguments) {
    View view = new View(machine);
    Domain domain = view.need(arguments.get("domain"));
    if (!arguments.containsKey("maps") && !arguments.containsKey("lends")) {
      throw new IllegalArgumentException("a check of grants has 'maps' or 'lends'");
    }
    GrantsPort grants = view.port(GrantsPort.class);
    return Range.complaint(arguments.get("maps"), grants.mapped(domain), "pages that domain '" + domain.name() + "' maps")
        .or(() -> Range.complaint(arguments.get("lends"), grants.granted(domain), "mappings of domain '" + domain.name() + "'"));
  }
}
