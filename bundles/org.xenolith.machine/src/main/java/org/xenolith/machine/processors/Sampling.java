// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.processors;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.xenolith.machine.kit.Exits;
import org.xenolith.machine.watch.MachineWatcher;

/**
 * Has each watcher see each CPU every so many of its instructions. It only says where slices end, which the guest can't notice, and
 * which depends on nothing but instructions.
 */
public final class Sampling {
  private final Exits exits;
  /** Never changed, but exchanged: one may end while it is told. */
  private List<Samples> all = List.of();
  private long began;
  private long exitsBefore;

  /** What one watcher is told of. */
  private static final class Samples {
    private final MachineWatcher watcher;
    private final long period;
    private final Map<Turn, Window> windows = new IdentityHashMap<>();

    Samples(MachineWatcher watcher) {
      this.watcher = watcher;
      period = watcher.period();
      if (period < 1) {
        throw new IllegalArgumentException("period " + period + ": expected at least 1 instruction");
      }
    }

    Window window(Turn turn) {
      return windows.computeIfAbsent(turn, each -> new Window());
    }
  }

  /** Of one CPU, since its last sample. */
  private static final class Window {
    private long instructions;
    private long nanoseconds;
    private long inExits;
  }

  /** @param exits tells the watchers */
  public Sampling(Exits exits) {
    this.exits = exits;
  }

  /** One more sees CPUs from now on. */
  public void add(MachineWatcher watcher) {
    List<Samples> more = new ArrayList<>(all);
    more.removeIf(each -> each.watcher == watcher);
    more.add(new Samples(watcher));
    all = List.copyOf(more);
  }

  /** Undoes {@link #add}. */
  public void remove(MachineWatcher watcher) {
    all = all.stream().filter(each -> each.watcher != watcher).toList();
  }

  /** Instructions that a CPU may execute until somebody looks at it. */
  public long left(Turn turn) {
    long left = Long.MAX_VALUE;
    for (Samples each : all) {
      left = Math.min(left, each.period - each.window(turn).instructions);
    }
    return left;
  }

  /** A slice of execution begins. */
  public void begin() {
    if (!all.isEmpty()) {
      exitsBefore = exits.spent();
      began = System.nanoTime();
    }
  }

  /** A CPU executed that slice. */
  public void end(Turn turn, long instructions) {
    if (!all.isEmpty()) {
      tell(turn, instructions);
    }
  }

  private void tell(Turn turn, long instructions) {
    long nanoseconds = System.nanoTime() - began;
    long inExits = exits.spent() - exitsBefore;
    for (Samples each : all) {
      if (!exits.tells(each.watcher)) {
        remove(each.watcher);
        continue;
      }
      Window window = each.window(turn);
      window.instructions += instructions;
      window.nanoseconds += nanoseconds;
      window.inExits += inExits;
      if (window.instructions >= each.period) {
        each.windows.put(turn, new Window());
        exits.tell(each.watcher, watcher -> watcher.sample(turn.port(), window.instructions, window.nanoseconds, window.inExits));
      }
    }
  }
}
