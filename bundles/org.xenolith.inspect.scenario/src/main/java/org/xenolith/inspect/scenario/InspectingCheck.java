// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inspect.scenario;

import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.xenolith.inspect.api.InspectedMachine;
import org.xenolith.inspect.api.MachineInspector;
import org.xenolith.inspect.kit.NamedMachine;
import org.xenolith.inspect.symbols.SymbolFinder;
import org.xenolith.machine.control.Machine;
import org.xenolith.scenario.api.ScenarioCheck;

/** A check of a number that is found by looking into the machine. */
abstract class InspectingCheck implements ScenarioCheck {
  private final String kind;
  private final Set<String> keys;
  private final MachineInspector inspector;
  private final SymbolFinder finder;

  /** @param keys its own, besides those of {@link ExpectedValue} */
  InspectingCheck(String kind, Set<String> keys, MachineInspector inspector, SymbolFinder finder) {
    this.kind = kind;
    Set<String> all = new HashSet<>(keys);
    all.addAll(ExpectedValue.KEYS);
    this.keys = Set.copyOf(all);
    this.inspector = inspector;
    this.finder = finder;
  }

  @Override
  public final String kind() {
    return kind;
  }

  @Override
  public final Set<String> keys() {
    return keys;
  }

  @Override
  public final Optional<String> complaint(Machine machine, Map<String, String> values) {
    InspectedMachine view = inspector.of(machine);
    Arguments arguments = new Arguments(new NamedMachine(machine, view, finder.of(view)), values);
    ExpectedValue expected = ExpectedValue.of(arguments);
    Found found = find(arguments);
    return expected.complaint(found.what, found.number);
  }

  /** A number, and whose it is. */
  record Found(String what, long number) {}

  /** Looks for it. @throws IllegalArgumentException if a value makes no sense, or it isn't there; the message says what there is */
  abstract Found find(Arguments arguments);
}
