// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.processors;

import org.xenolith.machine.places.KeptState;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.LongCell;

/**
 * Whose turn it is: round-robin over the CPUs that have something to execute. A turn's remainder outlives every cut of a
 * slice (safe point, journal, snapshot, limit), so that where slices are cut never shows.
 *
 * <p>A CPU that is called during a turn of another one, by an interrupt, an event or its power, needn't wait for the end of
 * the turn: it has a share of it at once, a tenth, so that it takes the interrupt. All such shares are at most half of a turn;
 * who is called after that waits for a turn, so that CPUs that call each other all the time never starve a third.
 */
public final class Scheduler {
  private final Turn[] turns;
  private final int quantum;
  private final int share;
  private final LongCell current;
  private final LongCell left;
  /** Who was called and has executed nothing since, a bit each. */
  private final long[] called;
  /** The called CPU that has its share now, plus one; 0 while the turn's own CPU executes. */
  private final LongCell guest;
  /** Instructions left of that share. */
  private final LongCell shareLeft;
  /** Instructions of this turn that called CPUs may have yet. */
  private final LongCell allowance;

  public Scheduler(Turn[] turns, int quantum, DeviceState state) {
    this.turns = turns;
    this.quantum = quantum;
    share = Math.max(1, quantum / 10);
    current = state.cell("scheduler.cpu", 0);
    left = state.cell("scheduler.left", 0);
    called = state.longs("scheduler.called", (turns.length + 63) / 64);
    guest = state.cell("scheduler.guest", 0);
    shareLeft = state.cell("scheduler.share", 0);
    allowance = state.cell("scheduler.allowance", 0);
  }

  /** Refuses restored turns that no machine can have. */
  public void check() {
    KeptState.within("scheduler.cpu", current.value, 0, turns.length - 1);
    KeptState.within("scheduler.left", left.value, 0, quantum);
    KeptState.within("scheduler.guest", guest.value, 0, turns.length);
    KeptState.within("scheduler.share", shareLeft.value, 0, share);
    KeptState.within("scheduler.allowance", allowance.value, 0, quantum / 2);
    for (int cpu = turns.length; cpu < 64 * called.length; cpu++) {
      KeptState.within("scheduler.called, CPU " + cpu, called[cpu >> 6] >>> cpu & 1, 0, 0);
    }
  }

  /** The machine is reset: nobody has a turn. */
  public void reset() {
    current.value = 0;
    left.value = 0;
    java.util.Arrays.fill(called, 0);
    guest.value = 0;
    shareLeft.value = 0;
    allowance.value = 0;
  }

  /**
   * A CPU was called. What {@link #pick} says may be another one now.
   *
   * @return whether the turn's own CPU must stop executing so that the called one has its share
   */
  public boolean call(int cpu) {
    if (turns.length == 1) {
      return false;
    }
    called[cpu >> 6] |= 1L << cpu;
    return guest.value == 0 && cpu != current.value && allowance.value > 0;
  }

  /** The CPU to execute next, or null if all of them wait. */
  public Turn pick() {
    for (;;) {
      if (left.value > 0) {
        // While the turn's own CPU executes, nobody waits for a share that could be had: where slices are cut doesn't show.
        Turn visitor = visitor();
        if (visitor != null) {
          return visitor;
        }
        Turn own = turns[(int) current.value];
        if (own.runnable()) {
          return own;
        }
      }
      if (!next()) {
        return null;
      }
    }
  }

  /** The called CPU that has its share now, or null. */
  private Turn visitor() {
    if (guest.value != 0) {
      Turn turn = turns[(int) guest.value - 1];
      if (shareLeft.value > 0 && allowance.value > 0 && turn.runnable()) {
        return turn;
      }
      guest.value = 0;
    }
    for (int word = 0; word < called.length; word++) {
      while (called[word] != 0 && allowance.value > 0) {
        int cpu = word * 64 + Long.numberOfTrailingZeros(called[word]);
        called[word] &= called[word] - 1;
        if (cpu != current.value && turns[cpu].runnable()) {
          guest.value = cpu + 1;
          shareLeft.value = share;
          return turns[cpu];
        }
      }
    }
    return null;
  }

  /** Gives the next turn; false if all CPUs wait. */
  private boolean next() {
    int at = (int) current.value;
    for (int step = 1; step <= turns.length; step++) {
      int candidate = (at + step) % turns.length;
      if (turns[candidate].runnable()) {
        current.value = candidate;
        left.value = quantum;
        allowance.value = quantum / 2;
        guest.value = 0;
        called[candidate >> 6] &= ~(1L << candidate);
        return true;
      }
    }
    return false;
  }

  /** Instructions left of what {@link #pick} gave: nobody waits for the turn of a CPU that is alone. */
  public long left() {
    if (turns.length == 1) {
      return Long.MAX_VALUE;
    }
    return guest.value == 0 ? left.value : Math.min(left.value, Math.min(shareLeft.value, allowance.value));
  }

  /** Takes executed instructions off the turn, and off the share that a called CPU has of it. */
  public void spent(long instructions) {
    left.value -= instructions;
    if (left.value < 0) {
      // Turns that one CPU had after another, without a cut.
      left.value = Math.floorMod(left.value, (long) quantum);
    }
    if (guest.value != 0) {
      shareLeft.value -= instructions;
      allowance.value -= instructions;
    }
  }
}
