// SPDX-License-Identifier: EPL-2.0
package org.xenolith.debug.kit;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.xenolith.inspect.api.StopPlace;
import org.xenolith.inspect.api.StopPoint;
import org.xenolith.inspect.api.StopPoints;
import org.xenolith.inspect.api.StopReport;

/** Where a debugger wants a machine to stop. Debuggers say all of it again and again; the machine is told of what has changed. While it is halted. */
public final class StopsWanted {
  private final StopPoints stops;
  private final Runnable halt;
  private final Predicate<StopReport> counts;
  private final Map<StopPlace, StopPoint> set = new LinkedHashMap<>();

  /** @param halt called on the machine's thread when one is reached */
  public StopsWanted(StopPoints stops, Runnable halt) {
    this(stops, halt, report -> true);
  }

  /** The same. @param counts whether one that is reached is meant; asked on the machine's thread, which may be looked into then if it is at an address */
  public StopsWanted(StopPoints stops, Runnable halt, Predicate<StopReport> counts) {
    this.stops = stops;
    this.halt = halt;
    this.counts = counts;
  }

  /**
   * Tells the machine, which is about to go on, and forgets what was reached.
   *
   * @param wanted all of them
   * @throws org.xenolith.machine.api.ModelException if a processor's model can't be stopped so
   * @throws IllegalArgumentException if the machine has no such device or window
   */
  public void apply(Collection<? extends StopPlace> wanted) {
    Set<StopPlace> places = new LinkedHashSet<>(wanted);
    List<StopPlace> gone = set.keySet().stream().filter(each -> !places.contains(each)).toList();
    List<StopPlace> come = places.stream().filter(each -> !set.containsKey(each)).toList();
    if (!gone.isEmpty() || !come.isEmpty()) {
      List<StopPoint> added = stops.change(gone.stream().map(set::get).toList(), come, report -> {
        boolean stop = counts.test(report);
        if (stop) {
          halt.run();
        }
        return stop;
      });
      gone.forEach(set::remove);
      added.forEach(each -> set.put(each.place(), each));
    }
    stops.take();
  }

  /** What was reached since the machine went on. */
  public List<StopReport> reached() {
    return new ArrayList<>(stops.take());
  }
}
