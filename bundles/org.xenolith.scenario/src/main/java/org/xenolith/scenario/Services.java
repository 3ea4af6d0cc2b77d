// SPDX-License-Identifier: EPL-2.0
package org.xenolith.scenario;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.osgi.framework.BundleContext;
import org.xenolith.boot.api.GuestSource;
import org.xenolith.command.api.MonitorCommand;
import org.xenolith.command.api.WordRelay;
import org.xenolith.launch.api.Launcher;
import org.xenolith.machine.control.LiveChange;
import org.xenolith.scenario.api.ScenarioCheck;
import org.xenolith.scenario.api.ScenarioConsole;
import org.xenolith.scenario.api.ScenarioFault;
import org.xenolith.scenario.api.ScenarioWait;
import org.xenolith.scenario.file.Kinds;

/**
 * What the installed bundles offer to scenarios; lists in the order of ranking, lowest first.
 *
 * @param context  of this bundle
 * @param launcher puts machines together
 * @param change   replaces, removes and adds bundles
 * @param checks   further kinds of checks
 * @param faults   further kinds of faults
 * @param waits    further kinds of waits
 * @param consoles further kinds of consoles
 * @param commands commands of the monitor prompt
 * @param guests   guests that need no kernel file
 * @param relays   who may answer in the place of those commands
 */
record Services(BundleContext context, Launcher launcher, LiveChange change, List<ScenarioCheck> checks,
    List<ScenarioFault> faults, List<ScenarioWait> waits, List<ScenarioConsole> consoles, List<MonitorCommand> commands, List<
        GuestSource> guests, List<WordRelay> relays) {
  /** Those without relays. */
  Services(BundleContext context, Launcher launcher, LiveChange change, List<ScenarioCheck> checks, List<ScenarioFault> faults, List<
      ScenarioWait> waits, List<ScenarioConsole> consoles, List<MonitorCommand> commands, List<GuestSource> guests) {
    this(context, launcher, change, checks, faults, waits, consoles, commands, guests, List.of());
  }

  Kinds kinds() {
    return new Kinds(keys(checks, ScenarioCheck::kind, ScenarioCheck::keys), keys(faults, ScenarioFault::kind, ScenarioFault::keys),
        keys(waits, ScenarioWait::kind, ScenarioWait::keys));
  }

  private static <T> Map<String, Set<String>> keys(List<T> services, Function<T, String> kind, Function<T, Set<String>> keys) {
    Map<String, Set<String>> all = new LinkedHashMap<>();
    services.forEach(service -> all.put(kind.apply(service), keys.apply(service)));
    return all;
  }

  Optional<ScenarioCheck> check(String kind) {
    return checks.reversed().stream().filter(check -> check.kind().equals(kind)).findFirst();
  }

  Optional<ScenarioFault> fault(String kind) {
    return faults.reversed().stream().filter(fault -> fault.kind().equals(kind)).findFirst();
  }

  Optional<ScenarioWait> waiting(String kind) {
    return waits.reversed().stream().filter(wait -> wait.kind().equals(kind)).findFirst();
  }

  Optional<MonitorCommand> command(String name) {
    return commands.reversed().stream().filter(command -> command.name().equals(name)).findFirst();
  }
}
