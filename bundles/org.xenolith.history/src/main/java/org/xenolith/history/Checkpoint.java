// SPDX-License-Identifier: EPL-2.0
package org.xenolith.history;

import java.util.List;
import java.util.Optional;
import org.xenolith.history.api.Moment;
import org.xenolith.machine.control.Machine.Executed;
import org.xenolith.machine.control.MachineInputs;
import org.xenolith.machine.control.MachineState;

/** A state that past machines begin from. Who makes it has it; each other who has it says {@link #keep}, and each {@link #drop} once. Any thread. */
final class Checkpoint {
  private final MachineState state;
  private final Moment moment;
  /** What each CPU had executed last by then. */
  private final List<Executed> latest;
  /** Which bundle had been changed last by then. */
  private final Optional<MachineInputs.Change> changed;
  private int owners = 1;

  /**
   * Has a state.
   *
   * @param latest  of each CPU, what it has executed last by then
   * @param changed which bundle had been changed last by then
   */
  Checkpoint(MachineState state, List<Executed> latest, Optional<MachineInputs.Change> changed) {
    this.state = state;
    this.latest = latest;
    this.changed = changed;
    moment = new Moment(state.instructions(), state.now());
  }

  MachineState state() {
    return state;
  }

  Moment moment() {
    return moment;
  }

  Optional<MachineInputs.Change> changed() {
    return changed;
  }

  List<Executed> latest() {
    return latest;
  }

  synchronized Checkpoint keep() {
    owners++;
    return this;
  }

  synchronized void drop() {
    if (--owners == 0) {
      state.close();
    }
  }
}
