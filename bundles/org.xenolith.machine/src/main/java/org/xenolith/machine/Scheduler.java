package org.xenolith.machine;

import org.xenolith.regs.DeviceState;
import org.xenolith.regs.LongCell;

/**
 * Whose turn it is: round-robin over the CPUs that have something to execute. A turn's remainder outlives every cut of a
 * slice (safe point, journal, snapshot, limit), so that where slices are cut never shows.
 */
final class Scheduler {
  private final Turn[] turns;
  private final int quantum;
  private final LongCell current;
  private final LongCell left;

  Scheduler(Turn[] turns, int quantum, DeviceState state) {
    this.turns = turns;
    this.quantum = quantum;
    current = state.cell("scheduler.cpu", 0);
    left = state.cell("scheduler.left", 0);
  }

  /** The CPU to execute next, or null if all of them wait. */
  Turn pick() {
    int at = (int) current.value;
    if (left.value > 0 && turns[at].runnable()) {
      return turns[at];
    }
    for (int step = 1; step <= turns.length; step++) {
      int candidate = (at + step) % turns.length;
      if (turns[candidate].runnable()) {
        current.value = candidate;
        left.value = quantum;
        return turns[candidate];
      }
    }
    return null;
  }

  /** Instructions left of the turn that {@link #pick} gave. */
  long left() {
    return left.value;
  }

  /** Takes executed instructions off the turn. */
  void spent(long instructions) {
    left.value -= instructions;
  }
}
