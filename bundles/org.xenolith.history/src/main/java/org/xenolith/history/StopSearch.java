// SPDX-License-Identifier: EPL-2.0
package org.xenolith.history;

import java.util.ArrayList;
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
import org.xenolith.machine.watch.WatchedAddress;

/**
 * Moves a machine of the past to the next place or to the latest one. Backwards it executes from the checkpoint before and writes down what it meets, without a stop, and then goes to the last of it. Of what is
 * told in the middle of an instruction it counts how often that is, and executes once more to stop there. Where only writes of memory are looked for, what lies between two states is left out if nobody has
 * written the page.
 */
final class StopSearch {
  /** Instructions between two states that are executed without more states on the way. */
  private static final long SHORT = 20_000_000;
  private static final int PIECES = 8;
  /** Pieces that are executed at once at most. */
  private static final int MOST = 16;

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
    if (RegisterSearch.finds(run.machine(), places)) {
      return new RegisterSearch(history, run, this).backwards(here, places, condition);
    }
    List<StopPlace.Access> written = places.stream().flatMap(each -> written(each).stream()).toList();
    boolean writes = written.size() == places.size();
    boolean exact = writes || places.stream().noneMatch(StopSearch::isWithin);
    Checkpoint end = run.state();
    int most = 1;
    try {
      for (Optional<Checkpoint> from; (from = history.kept().before(end.moment(), true)).isPresent();) {
        Checkpoint begin = from.get();
        try {
          if (!writes || written(written, begin, end)) {
            begin = writes ? farther(begin, written, most) : begin;
            Optional<Arrival> found = latest(begin, end.moment(), here, places, condition, exact);
            if (found.isPresent()) {
              return found.get();
            }
            most = Math.min(2 * most, MOST);
          }
        } finally {
          end.drop();
          end = begin;
        }
      }
    } finally {
      end.drop();
    }
    return first();
  }

  /** To where the past begins: there was nothing. */
  Arrival first() {
    run.begin(new Goal.Exactly(history.first()));
    return of(run.go(new Goal.Exactly(history.first())) ? Why.FIRST : Why.CANCELLED);
  }

  /** What the instruction that led to a moment met, or what was met there while none executed; empty if it was nothing. */
  Optional<Arrival> at(Moment at, Moment here, List<StopPlace> places, Predicate<StopReport> condition) {
    Goal before = new Goal.Instruction(Math.max(history.first().instructions(), at.instructions() - 1));
    run.begin(before);
    if (!run.go(before)) {
      run.wasCancelled();
      return Optional.of(of(Why.CANCELLED));
    }
    Checkpoint begin = run.state();
    try {
      return latest(begin, at, here, places, condition, true);
    } finally {
      begin.drop();
    }
  }

  /** Executes from a state, where the machine stands, to a moment, and has states kept on the way if that is far. Returns false if somebody gave up. */
  boolean run(Checkpoint from, Moment to) {
    boolean far = isLong(from, to);
    for (int piece = 1; piece < PIECES && far; piece++) {
      if (!run(from, to, piece)) {
        run.wasCancelled();
        return false;
      }
      history.kept().keepNear(run.state());
    }
    boolean whole = run(to);
    if (!whole) {
      run.wasCancelled();
    } else if (far) {
      // What was written since the state before is known of this one, and not of one that the present machine made.
      history.kept().keepNear(run.state());
    }
    return whole;
  }

  /** Whether it is met within an instruction, so that where the machine stands behind that isn't known then. */
  private static boolean isWithin(StopPlace place) {
    return !(place instanceof StopPlace.Access || place instanceof StopPlace.Register || place instanceof StopPlace.Instruction);
  }

  /** The bytes of RAM without whose write a place isn't met, so that states say where it can be; empty if it may be without. */
  private static Optional<StopPlace.Access> written(StopPlace place) {
    Optional<StopPlace.Access> bytes = switch (place) {
      case StopPlace.Access in -> Optional.of(in);
      case StopPlace.Reported reported -> reported.telling().within();
      default -> Optional.empty();
    };
    return bytes.filter(each -> each.space() == WatchedAddress.Space.PHYSICAL && !each.read());
  }

  private boolean written(List<StopPlace.Access> places, Checkpoint from, Checkpoint to) {
    return places.stream().anyMatch(each -> history.kept().written(from, to, each.first(), each.length()));
  }

  /** A state before another one, in the place of that: what is looked for in vain in each piece is looked for in ever more at once, as the machine's code is known better to whoever goes on than to who begins anew. */
  private Checkpoint farther(Checkpoint begin, List<StopPlace.Access> places, int most) {
    Checkpoint first = begin;
    for (int i = 1; i < most; i++) {
      Optional<Checkpoint> before = history.kept().before(first.moment(), true);
      if (before.isEmpty()) {
        return first;
      }
      if (!written(places, before.get(), first)) {
        before.get().drop();
        return first;
      }
      first.drop();
      first = before.get();
    }
    return first;
  }

  /** Whether it is worth to keep states on the way. */
  private boolean isLong(Checkpoint from, Moment to) {
    return to.instructions() - from.moment().instructions() > SHORT && !history.kept().between(from.moment(), to);
  }

  /** Executes to the end of a piece between a state and a moment. Returns whether it got there. */
  private boolean run(Checkpoint from, Moment to, int piece) {
    long all = to.instructions() - from.moment().instructions();
    return run.run(new RunLimit(Long.MAX_VALUE, from.moment().instructions() + all * piece / PIECES), new Goal.Exactly(to));
  }

  /** What was met before a moment: how much of it counts, and the latest. */
  private final class Latest implements Predicate<StopReport> {
    private final Predicate<StopReport> condition;
    private final Moment here;
    private StopReport report;
    private Moment moment;
    private long count;

    Latest(Predicate<StopReport> condition, Moment here) {
      this.condition = condition;
      this.here = here;
    }

    /** Nothing of it stops the machine. */
    @Override
    public boolean test(StopReport met) {
      if (condition.test(met)) {
        count++;
        Moment now = run.moment();
        if (now.compareTo(here) < 0) {
          moment = now;
          report = met;
        }
      }
      return false;
    }
  }

  /**
   * The latest place between a checkpoint and a moment; empty if there is none.
   *
   * @param exact whether the machine stands where it is met when it is met
   */
  private Optional<Arrival> latest(Checkpoint from, Moment to, Moment here, List<StopPlace> places, Predicate<StopReport> condition,
      boolean exact) {
    Latest met = new Latest(condition, here);
    List<Checkpoint> begins = new ArrayList<>(List.of(from.keep()));
    List<Long> before = new ArrayList<>(List.of(0L));
    run.restore(from);
    List<StopPoint> points = view.stops().change(List.of(), places, met);
    boolean far = isLong(from, to);
    try {
      boolean whole = true;
      try {
        for (int piece = 1; piece < PIECES && far && (whole = run(from, to, piece)); piece++) {
          before.add(met.count);
          begins.add(run.state());
          history.kept().keepNear(begins.getLast().keep());
        }
        whole = whole && run(to);
        if (whole && far) {
          history.kept().keepNear(run.state());
        }
      } finally {
        close(view, points);
      }
      if (!whole) {
        run.wasCancelled();
        return Optional.of(of(Why.CANCELLED));
      }
      if (exact) {
        return met.report == null ? Optional.empty() : Optional.of(go(begins, met));
      }
      for (long number = met.count; number > 0; number--) {
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

  /** Goes to where something was met, from the state before that. */
  private Arrival go(List<Checkpoint> begins, Latest met) {
    Checkpoint near = begins.reversed().stream().filter(each -> each.moment().compareTo(met.moment) <= 0).findFirst().orElseThrow();
    Checkpoint kept = history.kept().before(met.moment, false).orElseGet(near::keep);
    run.restore(kept.moment().compareTo(near.moment()) > 0 ? kept : near);
    kept.drop();
    if (!run.go(new Goal.Exactly(met.moment))) {
      run.wasCancelled();
      return of(Why.CANCELLED);
    }
    return new Arrival(Why.STOP, List.of(met.report));
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
