// SPDX-License-Identifier: EPL-2.0
package org.xenolith.history;

import java.util.Map;
import java.util.WeakHashMap;
import org.xenolith.history.api.PastMachine;
import org.xenolith.inspect.api.InspectedMachine;
import org.xenolith.inspect.api.InspectedProcessor;
import org.xenolith.inspect.api.MachineInspector;
import org.xenolith.inspect.api.ProcessorPlace;
import org.xenolith.inspect.symbols.MachineSymbols;
import org.xenolith.inspect.symbols.SymbolFinder;
import org.xenolith.machine.control.Machine;

/** Where a machine of the past stands, for people. */
final class PastText {
  private final MachineInspector inspector;
  private final SymbolFinder finder;
  /** Of a machine that was looked at: finding its kernel takes some tenths of a second. */
  private final Map<Machine, Named> known = new WeakHashMap<>();

  /** A machine with its names. */
  record Named(InspectedMachine view, MachineSymbols symbols) {}

  PastText(MachineInspector inspector, SymbolFinder finder) {
    this.inspector = inspector;
    this.finder = finder;
  }

  synchronized Named named(Machine machine) {
    return known.computeIfAbsent(machine, each -> {
      InspectedMachine view = inspector.of(each);
      return new Named(view, finder.of(view));
    });
  }

  /** When it is, that it is the past, and where a CPU is. */
  String standing(PastMachine past, int cpu) {
    Machine machine = past.machine();
    String when = "in the past: %,d instructions, %.9f virtual seconds (%s); present leads back%n".formatted(machine.instructions(), machine
        .now() / 1e9, past.moment());
    return when + named(machine).view.processor(cpu).map(each -> place(named(machine), each)).orElse("");
  }

  private static String place(Named named, InspectedProcessor processor) {
    ProcessorPlace place = processor.place();
    String guest = named.view.guest(place);
    String symbol = named.symbols.at(processor, place.address()).map(each -> " " + each.text(place.address())).orElse("");
    String next = processor.disassemble(place.address(), 1).stream().map(each -> "  " + each.text()).findFirst().orElse(
        "  (no RAM is mapped there)");
    return "cpu%d at 0x%016x%s, %s%s%s%n%s%n".formatted(processor.index(), place.address(), symbol, place.level(), place.addressSpace()
        .isEmpty() ? "" : ", " + place
            .addressSpace(), guest.isEmpty() ? "" : ", " + guest, next);
  }
}
