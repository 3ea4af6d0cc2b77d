// SPDX-License-Identifier: EPL-2.0
package org.xenolith.gdb;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import org.xenolith.history.api.Arrival;
import org.xenolith.history.api.Arrival.Why;
import org.xenolith.history.api.Goal;
import org.xenolith.history.api.MachineHistory;
import org.xenolith.history.api.PastMachine;
import org.xenolith.inspect.api.InspectedMachine;
import org.xenolith.inspect.api.StopPlace;
import org.xenolith.machine.control.Machine;

/** The past of a machine, as one debugger goes through it: a machine of its own, from the moment at which the debugger first goes backwards until it comes to the present again. */
final class DebuggedPast {
  private final MachineHistory history;
  private final Function<Machine, InspectedMachine> inspector;
  /** Read by whoever gives up. */
  private volatile Optional<PastMachine> machine = Optional.empty();
  private Optional<InspectedMachine> view = Optional.empty();

  /** @param inspector looks into the machine that stands in the past */
  DebuggedPast(MachineHistory history, Function<Machine, InspectedMachine> inspector) {
    this.history = history;
    this.inspector = inspector;
  }

  MachineHistory history() {
    return history;
  }

  /** The machine as it was, if the debugger is there. */
  Optional<InspectedMachine> view() {
    return view;
  }

  /** Where the debugger is; empty if it is in the present. */
  Optional<PastMachine> machine() {
    return machine;
  }

  private PastMachine entered() {
    if (machine.isEmpty()) {
      enter(new Goal.Exactly(history.present()));
    }
    return machine.orElseThrow();
  }

  private void enter(Goal goal) {
    PastMachine past = history.at(goal);
    machine = Optional.of(past);
    view = Optional.of(inspector.apply(past.machine()));
  }

  /** Goes to a moment. @throws org.xenolith.command.api.BadInput if that can't be */
  void go(Goal goal) {
    if (machine.isPresent()) {
      machine.get().go(goal);
    } else {
      enter(goal);
    }
  }

  /** Moves to the next of a debugger's places, or the latest one before. */
  Arrival run(boolean forwards, MachineBreakpoints breakpoints) {
    PastMachine past = entered();
    InspectedMachine now = view.orElseThrow();
    List<StopPlace> places = breakpoints.places();
    return forwards ? past.forwards(places, report -> breakpoints.counts(now, report)) : past.backwards(places, report -> breakpoints
        .counts(
            now, report));
  }

  /** Moves by an instruction of a processor. */
  Arrival step(boolean forwards, int cpu) {
    return entered().step(cpu, forwards ? 1 : -1);
  }

  /** Moves one behind an access to before its instruction. Returns whether it could. */
  boolean undo(OptionalInt cpu) {
    Arrival arrival = cpu.isPresent() ? entered().step(cpu.getAsInt(), -1) : entered().step(-1);
    return arrival.why() == Why.THERE;
  }

  /** Comes back to the present. */
  void leave() {
    Optional<PastMachine> past = machine;
    machine = Optional.empty();
    view = Optional.empty();
    past.ifPresent(PastMachine::close);
  }

  /** Has what takes long given up. Any thread. */
  void cancel() {
    machine.ifPresent(PastMachine::cancel);
  }
}
