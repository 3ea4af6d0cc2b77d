// SPDX-License-Identifier: EPL-2.0
package org.xenolith.history;

import org.xenolith.history.api.Moment;
import org.xenolith.machine.control.MachineState;

/** A state that past machines begin from. Who makes it has it; each other who has it says {@link #keep}, and each {@link #drop} once. Any thread. */
final class Checkpoint {
  private final MachineState state;
  private final Moment moment;
  private int owners = 1;

  Checkpoint(MachineState state) {
    this.state = state;
    moment = new Moment(state.instructions(), state.now());
  }

  MachineState state() {
    return state;
  }

  Moment moment() {
    return moment;
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
