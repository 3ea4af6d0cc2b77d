// SPDX-License-Identifier: EPL-2.0
package org.xenolith.history;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.stream.Stream;
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
import org.xenolith.machine.watch.WatchedAddress;

/**
 * Moves a machine of the past to the next place or to the latest one. Backwards it executes from the checkpoint before and counts what it meets, without a stop; then it does so again, and stops at the
 * last that counts. Where only writes of memory are looked for, what lies between two states is left out if nobody has written the page, and else cut into smaller pieces first, without a look: who
 * watches a page that is in use executes many times slower.
 */
final class StopSearch {
  /** Instructions between two states that are executed without more between them. */
  private static final long SHORT = 4_000_000;
  private static final int PIECES = 8;

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
    boolean writes = places.stream().allMatch(StopSearch::isWrite);
    Checkpoint end = run.state();
    try {
      for (Optional<Checkpoint> from; (from = history.kept().before(end.moment(), true)).isPresent();) {
        Checkpoint begin = from.get();
        Checkpoint behind = end;
        try {
          if (writes && !written(places, begin, end)) {
            end = begin;
          } else if (writes && isLong(begin, end.moment()) && history.kept().hasRoom()) {
            if (!cut(begin, end.moment())) {
              return of(Why.CANCELLED);
            }
            end = run.state();
          } else {
            Optional<Arrival> found = latest(begin, end.moment(), here, places, condition);
            if (found.isPresent()) {
              return found.get();
            }
            end = begin;
          }
        } finally {
          Stream.of(begin, behind).filter(Predicate.not(end::equals)).forEach(Checkpoint::drop);
        }
      }
    } finally {
      end.drop();
    }
    run.begin(new Goal.Exactly(history.first()));
    return of(run.go(new Goal.Exactly(history.first())) ? Why.FIRST : Why.CANCELLED);
  }

  private static boolean isWrite(StopPlace place) {
    return place instanceof StopPlace.Access in && in.space() == WatchedAddress.Space.PHYSICAL && !in.read();
  }

  private static boolean written(List<StopPlace> places, Checkpoint from, Checkpoint to) {
    return places.stream().map(StopPlace.Access.class::cast).anyMatch(each -> to.state().written(from.state(), each.first(), each
        .length()));
  }

  private static boolean isLong(Checkpoint from, Moment to) {
    return to.instructions() - from.moment().instructions() > SHORT;
  }

  /** Has states be kept between a state and a moment, and stands there then. Returns false if somebody gave up. */
  private boolean cut(Checkpoint from, Moment to) {
    run.restore(from);
    for (int piece = 1; piece < PIECES; piece++) {
      if (!run(from, to, piece)) {
        run.wasCancelled();
        return false;
      }
      history.kept().keepNear(run.state());
    }
    boolean whole = run(to);
    if (!whole) {
      run.wasCancelled();
    }
    return whole;
  }

  /** Executes to the end of a piece between a state and a moment. Returns whether it got there. */
  private boolean run(Checkpoint from, Moment to, int piece) {
    long all = to.instructions() - from.moment().instructions();
    return run.run(new RunLimit(Long.MAX_VALUE, from.moment().instructions() + all * piece / PIECES), new Goal.Exactly(to));
  }

  /** The latest place between a checkpoint and a moment; empty if there is none. */
  private Optional<Arrival> latest(Checkpoint from, Moment to, Moment here, List<StopPlace> places, Predicate<StopReport> condition) {
    long[] met = {0};
    List<Checkpoint> begins = new ArrayList<>(List.of(from.keep()));
    List<Long> before = new ArrayList<>(List.of(0L));
    run.restore(from);
    List<StopPoint> points = view.stops().change(List.of(), places, report -> {
      met[0] += condition.test(report) ? 1 : 0;
      return false;
    });
    try {
      boolean whole = true;
      try {
        for (int piece = 1; piece < PIECES && isLong(from, to) && (whole = run(from, to, piece)); piece++) {
          before.add(met[0]);
          begins.add(run.state());
          history.kept().keepNear(begins.getLast().keep());
        }
        whole = whole && run(to);
      } finally {
        close(view, points);
      }
      if (!whole) {
        run.wasCancelled();
        return Optional.of(of(Why.CANCELLED));
      }
      for (long number = met[0]; number > 0; number--) {
        while (before.getLast() >= number) {
          before.removeLast();
          begins.removeLast().drop();
        }
        Optional<Arrival> found = stopAt(number - before.getLast(), begins.getLast(), to, here, places, condition);
        if (found.isPresent()) {
          return found;
        }
      }
      return Optional.empty();
    } finally {
      begins.forEach(Checkpoint::drop);
    }
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
