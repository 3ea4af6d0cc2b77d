// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.scenario;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.osgi.service.component.annotations.Component;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.DomainState;
import org.xenolith.hyp.api.P2mPort;
import org.xenolith.hyp.api.Vcpu;
import org.xenolith.machine.control.Machine;
import org.xenolith.scenario.api.ScenarioCheck;

/** {@code check: domain}: that a domain is there or not, and how it does. */
@Component
public final class DomainCheck implements ScenarioCheck {
  private static final List<String> STATES = List.of("building", "running", "paused", "blocked", "shutdown", "dying");
  /** By number ({@code SHUTDOWN_*}, public header {@code sched.h}). */
  private static final List<String> REASONS = List.of("poweroff", "reboot", "suspend", "crash", "watchdog", "soft-reset");

  @Override
  public String kind() {
    return "domain";
  }

  @Override
  public Set<String> keys() {
    return Set.of("domain", "present", "state", "reason", "vcpus", "pages");
  }

  @Override
  public Optional<String> complaint(Machine machine, Map<String, String> arguments) {
    View view = new View(machine);
    String name = arguments.get("domain");
    if ("false".equals(arguments.get("present"))) {
      return view.domain(name) == null ? Optional.empty() : Optional.of("domain '" + name + "' is there");
    }
    Domain domain = view.need(name);
    return state(domain, arguments.get("state"))
        .or(() -> reason(domain, arguments.get("reason")))
        .or(() -> Range.complaint(arguments.get("vcpus"), domain.vcpus().stream().filter(Vcpu::online).count(), "vCPUs that are up"))
        .or(() -> Range.complaint(arguments.get("pages"), view.port(P2mPort.class).pages(domain), "pages"));
  }

  private static Optional<String> state(Domain domain, String expected) {
    if (expected == null) {
      return Optional.empty();
    }
    if (!STATES.contains(expected)) {
      throw new IllegalArgumentException("state '" + expected + "': expected one of " + String.join(", ", STATES));
    }
    String state = domain.state() != DomainState.RUNNING ? domain.state().name().toLowerCase(Locale.ROOT)
        : domain.pauseCount() > 0 ? "paused" : "running";
    boolean blocked = state.equals("running") && domain.vcpus().stream().filter(Vcpu::online).allMatch(Vcpu::blocked);
    boolean as = expected.equals(state) || expected.equals("blocked") && blocked;
    return as ? Optional.empty() : Optional.of("domain '" + domain.name() + "' is " + state + (blocked ? " (and waits)" : "")
        + ", expected " + expected);
  }

  private static Optional<String> reason(Domain domain, String expected) {
    if (expected == null) {
      return Optional.empty();
    }
    if (!REASONS.contains(expected)) {
      throw new IllegalArgumentException("reason '" + expected + "': expected one of " + String.join(", ", REASONS));
    }
    int reason = domain.shutdownReason();
    return reason == REASONS.indexOf(expected) ? Optional.empty() : Optional.of("domain '" + domain.name() + "' "
        + (reason < 0 ? "did not shut down" : "shut down for " + (reason < REASONS.size() ? REASONS.get(reason) : reason))
        + ", expected " + expected);
  }
}
