// SPDX-License-Identifier: EPL-2.0
package org.xenolith.debug.kit;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.function.Predicate;
import org.xenolith.history.api.Arrival;
import org.xenolith.history.api.Arrival.Why;
import org.xenolith.history.api.Goal;
import org.xenolith.history.api.MachineHistory;
import org.xenolith.history.api.PastMachine;
import org.xenolith.inspect.api.InspectedMachine;
import org.xenolith.inspect.api.StopPlace;
import org.xenolith.inspect.api.StopReport;
import org.xenolith.machine.control.Machine;

/** The past of a machine, as one debugger goes through it: a machine of its own, from the moment at which the debugger first goes backwards until it comes to the present again. */
public final class DebuggedPast {
  private final MachineHistory history;
  private final Function<Machine, InspectedMachine> inspector;
  /** Read by whoever gives up. */
  private volatile Optional<PastMachine> machine = Optional.empty();
  private Optional<InspectedMachine> view = Optional.empty();

  /** @param inspector looks into the machine that stands in the past */
  public DebuggedPast(MachineHistory history, Function<Machine, InspectedMachine> inspector) {
    this.history = history;
    this.inspector = inspector;
  }

  /** What is kept of it. */
  public MachineHistory history() {
    return history;
  }

  /** The machine as it was, if the debugger is there. */
  public Optional<InspectedMachine> view() {
    return view;
  }

  /** Where the debugger is; empty if it is in the present. */
  public Optional<PastMachine> machine() {
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
  public void go(Goal goal) {
    if (machine.isPresent()) {
      machine.get().go(goal);
    } else {
      enter(goal);
    }
  }

  /**
   * Moves to the next of a debugger's places, or to behind the latest one before.
   *
   * @param counts whether who has come there is meant; asked while the machine of the past stands there
   * @throws org.xenolith.command.api.BadInput if that can't be
   */
  public Arrival run(boolean forwards, List<StopPlace> places, Predicate<StopReport> counts) {
    PastMachine past = entered();
    return forwards ? past.forwards(places, counts) : past.backwards(places, counts);
  }

  /** Moves by an instruction of a processor. @param cpu its index. @throws org.xenolith.command.api.BadInput if that can't be */
  public Arrival step(boolean forwards, int cpu) {
    return entered().step(cpu, forwards ? 1 : -1);
  }

  /** Moves one behind an access to before its instruction. Returns whether it could. */
  public boolean undo(OptionalInt cpu) {
    Arrival arrival = cpu.isPresent() ? entered().step(cpu.getAsInt(), -1) : entered().step(-1);
    return arrival.why() == Why.THERE;
  }

  /** Comes back to the present. */
  public void leave() {
    Optional<PastMachine> past = machine;
    machine = Optional.empty();
    view = Optional.empty();
    past.ifPresent(PastMachine::close);
  }

  /** Has what takes long given up. Any thread. */
  public void cancel() {
    machine.ifPresent(PastMachine::cancel);
  }
}
