// SPDX-License-Identifier: EPL-2.0
package org.xenolith.history;

import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.xenolith.history.api.Arrival;
import org.xenolith.history.api.Arrival.Why;
import org.xenolith.history.api.Goal;
import org.xenolith.history.api.Moment;
import org.xenolith.inspect.api.InspectedMachine;
import org.xenolith.inspect.api.StopPlace;
import org.xenolith.inspect.api.StopPoint;
import org.xenolith.inspect.api.StopReport;
import org.xenolith.machine.control.Machine;
import org.xenolith.machine.control.Machine.RunLimit;

/**
 * Moves a machine of the past to the next place or to the latest one. Backwards it executes from the checkpoint before and counts what it meets, without a stop; then it does so again, and stops at the
 * last that counts.
 */
final class StopSearch {
  private final KeptHistory history;
  private final PastRun run;
  private final InspectedMachine view;

  StopSearch(KeptHistory history, PastRun run) {
    this.history = history;
    this.run = run;
    view = history.inspector().of(run.machine());
  }

  private static Arrival of(Why why) {
    return new Arrival(why, List.of());
  }

  private static void close(InspectedMachine view, List<StopPoint> points) {
    view.stops().change(points, List.of(), report -> true);
    view.stops().take();
  }

  /** Executes to a moment. Returns whether it got there. */
  private boolean run(Moment to) {
    if (run.machine().instructions() < to.instructions() && !run.run(new RunLimit(Long.MAX_VALUE, to.instructions()), new Goal.Exactly(
        to))) {
      return false;
    }
    return run.machine().now() >= to.nanoseconds() || run.run(new RunLimit(to.nanoseconds(), Long.MAX_VALUE), new Goal.Exactly(to));
  }

  Arrival forwards(List<StopPlace> places, Predicate<StopReport> condition) {
    Moment now = history.present();
    Arrival arrival = forwards(run.machine(), view, () -> run(now), places, condition);
    if (arrival.why() == Why.CANCELLED) {
      run.wasCancelled();
    }
    return arrival;
  }

  /**
   * Has a machine go on to the next place.
   *
   * @param run executes, and returns whether it came to where there is nothing behind
   */
  static Arrival forwards(Machine machine, InspectedMachine view, BooleanSupplier run, List<StopPlace> places, Predicate<
      StopReport> condition) {
    Moment here = new Moment(machine.instructions(), machine.now());
    List<StopPoint> points = view.stops().change(List.of(), places, condition);
    try {
      while (!run.getAsBoolean()) {
        List<StopReport> met = view.stops().take();
        if (met.isEmpty()) {
          return of(Why.CANCELLED);
        }
        // An instruction at which it stands already is the one that was stopped at.
        if (!here.equals(new Moment(machine.instructions(), machine.now())) || met.stream().anyMatch(each -> !(each
            .place() instanceof StopPlace.Instruction))) {
          return new Arrival(Why.STOP, met);
        }
      }
      return of(Why.PRESENT);
    } finally {
      close(view, points);
    }
  }

  Arrival backwards(List<StopPlace> places, Predicate<StopReport> condition) {
    Moment here = run.moment();
    Moment to = here;
    for (Optional<Checkpoint> from; (from = run.before(to)).isPresent();) {
      Checkpoint checkpoint = from.get();
      try {
        Optional<Arrival> found = latest(checkpoint, to, here, places, condition);
        if (found.isPresent()) {
          return found.get();
        }
        to = checkpoint.moment();
      } finally {
        checkpoint.drop();
      }
    }
    run.begin(new Goal.Exactly(history.first()));
    return of(run.go(new Goal.Exactly(history.first())) ? Why.FIRST : Why.CANCELLED);
  }

  /** The latest place between a checkpoint and a moment; empty if there is none. */
  private Optional<Arrival> latest(Checkpoint from, Moment to, Moment here, List<StopPlace> places, Predicate<StopReport> condition) {
    long[] met = {0};
    run.restore(from);
    List<StopPoint> points = view.stops().change(List.of(), places, report -> {
      met[0] += condition.test(report) ? 1 : 0;
      return false;
    });
    boolean whole;
    try {
      whole = run(to);
    } finally {
      close(view, points);
    }
    if (!whole) {
      run.wasCancelled();
      return Optional.of(of(Why.CANCELLED));
    }
    for (long number = met[0]; number > 0; number--) {
      Optional<Arrival> found = stopAt(number, from, to, here, places, condition);
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  /** Stops at the place that is met as the n-th; empty if that isn't before here. */
  private Optional<Arrival> stopAt(long number, Checkpoint from, Moment to, Moment here, List<StopPlace> places, Predicate<
      StopReport> condition) {
    long[] met = {0};
    run.restore(from);
    List<StopPoint> points = view.stops().change(List.of(), places, report -> condition.test(report) && ++met[0] == number);
    try {
      boolean whole = run(to);
      List<StopReport> reached = view.stops().take();
      if (!whole && reached.isEmpty()) {
        run.wasCancelled();
        return Optional.of(of(Why.CANCELLED));
      }
      return reached.isEmpty() || run.moment().compareTo(here) >= 0 ? Optional.empty() : Optional.of(new Arrival(Why.STOP, reached));
    } finally {
      close(view, points);
    }
  }
}
