// SPDX-License-Identifier: EPL-2.0
package org.xenolith.history;

import java.util.Map;
import java.util.WeakHashMap;
import org.xenolith.history.api.PastMachine;
import org.xenolith.inspect.api.InspectedMachine;
import org.xenolith.inspect.api.MachineInspector;
import org.xenolith.inspect.kit.NamedMachine;
import org.xenolith.inspect.symbols.SymbolFinder;
import org.xenolith.machine.control.Machine;

/** Where a machine of the past stands, for people. */
final class PastText {
  private final MachineInspector inspector;
  private final SymbolFinder finder;
  /** Of a machine that was looked at: finding its kernel takes some tenths of a second. */
  private final Map<Machine, NamedMachine> known = new WeakHashMap<>();

  PastText(MachineInspector inspector, SymbolFinder finder) {
    this.inspector = inspector;
    this.finder = finder;
  }

  synchronized NamedMachine named(Machine machine) {
    return known.computeIfAbsent(machine, each -> {
      InspectedMachine view = inspector.of(each);
      return new NamedMachine(each, view, finder.of(view));
    });
  }

  /** That this is the past, or what would be. */
  static String where(PastMachine past) {
    return past.branched().map(since -> "what if, since " + since + ": ").orElse("in the past: ");
  }

  /** When it is, that it is the past, where a CPU is, and what people should know of what would be. */
  String standing(PastMachine past, int cpu) {
    Machine machine = past.machine();
    String when = where(past) + "%,d instructions, %.9f virtual seconds (%s); present leads back%n".formatted(machine.instructions(),
        machine
            .now() / 1e9, past.moment());
    NamedMachine named = named(machine);
    return when + named.view().processor(cpu).map(named::standing).orElse("") + (past instanceof WhatIf what ? what.takeNotices() : "");
  }
}
