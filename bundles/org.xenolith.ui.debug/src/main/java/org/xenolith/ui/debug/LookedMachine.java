// SPDX-License-Identifier: EPL-2.0
package org.xenolith.ui.debug;

import java.util.Optional;
import org.xenolith.command.api.BadInput;
import org.xenolith.debug.kit.DebuggedPast;
import org.xenolith.history.api.MachineHistory;
import org.xenolith.history.api.PastMachine;
import org.xenolith.inspect.api.InspectedMachine;
import org.xenolith.inspect.api.InspectedProcessor;
import org.xenolith.inspect.api.MachineInspector;
import org.xenolith.inspect.kit.NamedMachine;
import org.xenolith.inspect.symbols.MachineSymbols;
import org.xenolith.inspect.symbols.SymbolFinder;
import org.xenolith.machine.control.Machine;

/** The machine that is looked at: the present one, or the one that stands in its past. What it has is asked for in a {@link ViewedMachine#look}. */
final class LookedMachine {
  private final Machine machine;
  private final MachineInspector inspector;
  private final Optional<SymbolFinder> finder;
  private final InspectedMachine present;
  private volatile Optional<DebuggedPast> past = Optional.empty();
  private Optional<MachineSymbols> symbols;
  /** Whose names these are. */
  private InspectedMachine named;

  LookedMachine(Machine machine, MachineInspector inspector, Optional<SymbolFinder> finder) {
    this.machine = machine;
    this.inspector = inspector;
    this.finder = finder;
    present = inspector.of(machine);
    named = present;
    symbols = finder.map(each -> each.of(present));
  }

  /** Its past is gone through from now on. */
  void keep(MachineHistory history) {
    past = Optional.of(new DebuggedPast(history, inspector::of));
  }

  /** Its past, once somebody has wanted to see it. Any thread. */
  Optional<DebuggedPast> past() {
    return past;
  }

  /** Whether it is its past that is looked at. Any thread. */
  boolean inPast() {
    return past.flatMap(DebuggedPast::machine).isPresent();
  }

  /** The machine. */
  Machine machine() {
    return past.flatMap(DebuggedPast::machine).map(PastMachine::machine).orElse(machine);
  }

  /** The same as it can be looked into. */
  InspectedMachine inspected() {
    return past.flatMap(DebuggedPast::view).orElse(present);
  }

  /** @throws BadInput if nobody looks into that CPU */
  InspectedProcessor processor(int cpu) {
    return inspected().processor(cpu).orElseThrow(() -> new BadInput(cpu == CpuThread.NONE
        ? "no CPU executes it now, by which its memory could be seen"
        : "CPU " + cpu + " can't be looked into"));
  }

  /** Names of code and data; empty if nobody finds them. */
  Optional<MachineSymbols> symbols() {
    InspectedMachine now = inspected();
    if (now != named) {
      named = now;
      symbols = finder.map(each -> each.of(now));
    }
    return symbols;
  }

  /** The machine with its names. @throws BadInput if nobody finds names */
  NamedMachine withNames() {
    return new NamedMachine(machine(), inspected(), symbols().orElseThrow(() -> new BadInput(
        "no bundle is installed that finds names in guests (org.xenolith.symbols)")));
  }

  /** An address for people: with its symbol, if it has one. */
  String text(InspectedProcessor processor, long address) {
    return symbols().flatMap(each -> each.text(processor, address)).orElseGet(() -> "0x%x".formatted(address));
  }

  /** The chain of calls of a processor. @param most frames at most */
  long[] calls(InspectedProcessor processor, int most) {
    return processor.calls(most, address -> symbols().map(each -> each.function(processor, address)).orElse(-1L));
  }
}
