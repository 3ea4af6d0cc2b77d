// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.run;

import org.xenolith.machine.Hardware;
import org.xenolith.machine.processors.Turn;

/**
 * Lets everything happen that needs no instruction: alarms that are due, and interrupts that the next CPU takes, which are
 * work too where the hypervisor is Java. It is what the next slice would begin with, so that it never shows; but it gives inputs and
 * changes one place among all that, which the count of instructions and the time alone don't say.
 */
final class Settling {
  /** Interrupts without an instruction between, after which it is left to the slices to find out who is to blame. */
  private static final int MOST = 10_000;

  private final Hardware hardware;

  Settling(Hardware hardware) {
    this.hardware = hardware;
  }

  /** Fires and takes until nothing is left; what an engine throws passes through. */
  void settle() {
    for (int i = 0; i < MOST; i++) {
      hardware.queue.fireDue();
      if (hardware.standsStill()) {
        return;
      }
      Turn next = hardware.scheduler.pick();
      if (next == null || takes(next)) {
        return;
      }
    }
  }

  /** Has a CPU take its interrupts; returns whether it would now execute an instruction. */
  private boolean takes(Turn turn) {
    hardware.clock.begin(turn);
    try {
      turn.run(0);
    } finally {
      hardware.clock.end(0);
      hardware.initiator.none();
    }
    return turn.runnable() && !turn.exitRequested() && hardware.queue.next() > hardware.clock.now();
  }
}
