// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine;

import java.util.IdentityHashMap;
import java.util.Map;
import org.xenolith.machine.kit.Exits;

/**
 * Has a watcher see each CPU every so many of its instructions. It only says where slices end, which the guest can't notice, and
 * which depends on nothing but instructions.
 */
final class Sampling {
  private final long period;
  private final Exits exits;
  private final Map<Turn, Window> windows = new IdentityHashMap<>();

  private long began;
  private long exitsBefore;

  private static final class Window {
    private long instructions;
    private long nanoseconds;
    private long inExits;
  }

  /**
   * @param period instructions of a CPU from one look to the next
   * @param exits  holds the watcher
   */
  Sampling(long period, Exits exits) {
    if (period < 1) {
      throw new IllegalArgumentException("period " + period + ": expected at least 1 instruction");
    }
    this.period = period;
    this.exits = exits;
  }

  /** Instructions that a CPU may execute until it is looked at. */
  long left(Turn turn) {
    return period - window(turn).instructions;
  }

  /** A slice of execution begins. */
  void begin() {
    exitsBefore = exits.spent();
    began = System.nanoTime();
  }

  /** A CPU executed that slice; returns whether there still is a watcher. */
  boolean end(Turn turn, long instructions) {
    Window window = window(turn);
    window.instructions += instructions;
    window.nanoseconds += System.nanoTime() - began;
    window.inExits += exits.spent() - exitsBefore;
    if (window.instructions >= period) {
      long count = window.instructions;
      long time = window.nanoseconds;
      window.instructions = 0;
      long away = window.inExits;
      window.nanoseconds = 0;
      window.inExits = 0;
      exits.tell(() -> exits.watcher().sample(turn.port(), count, time, away));
    }
    return exits.watcher() != null;
  }

  private Window window(Turn turn) {
    return windows.computeIfAbsent(turn, each -> new Window());
  }
}
