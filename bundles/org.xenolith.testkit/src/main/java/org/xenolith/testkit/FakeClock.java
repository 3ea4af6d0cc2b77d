// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.xenolith.machine.api.Alarm;
import org.xenolith.machine.api.Clock;

/** Virtual time that a test moves by hand; alarms fire in the order of deadline, then of arming. */
public final class FakeClock implements Clock {
  /** Alarms that one {@link #advanceTo} may fire before the test is declared to hang. */
  private static final int MOST_FIRINGS = 1_000_000;

  private final List<FakeAlarm> alarms = new ArrayList<>();
  private long now;
  private long armings;

  FakeClock() {}

  @Override
  public long now() {
    return now;
  }

  /** Moves time by {@code ns}, firing what falls due at its own time. */
  public void advance(long ns) {
    advanceTo(now + ns);
  }

  /**
   * Moves time to {@code ns}, firing what falls due at its own time.
   *
   * @throws AssertionError if time would go backwards, or alarms re-arm themselves for ever
   */
  public void advanceTo(long ns) {
    if (ns < now) {
      throw new AssertionError("time can't go from " + now + " ns back to " + ns + " ns");
    }
    for (int fired = 0;; fired++) {
      FakeAlarm due = next();
      if (due == null || due.deadline > ns) {
        break;
      }
      if (fired == MOST_FIRINGS) {
        throw new AssertionError("alarm " + due.name + " fires for ever at " + now + " ns");
      }
      fire(due);
    }
    now = ns;
  }

  /** Moves time to the earliest deadline and fires that alarm alone, though others may be due at the same time; there must be one. */
  public void fireNext() {
    fire(next());
  }

  private void fire(FakeAlarm due) {
    now = Math.max(now, due.deadline);
    due.deadline = Long.MAX_VALUE;
    due.action.run();
  }

  /** The earliest deadline in nanoseconds, or {@link Long#MAX_VALUE} if nothing is armed. */
  public long nextDeadline() {
    FakeAlarm next = next();
    return next == null ? Long.MAX_VALUE : next.deadline;
  }

  FakeAlarm alarm(String name, Runnable action) {
    FakeAlarm alarm = new FakeAlarm(name, action);
    alarms.add(alarm);
    return alarm;
  }

  void drop(FakeAlarm alarm) {
    alarms.remove(alarm);
  }

  private FakeAlarm next() {
    return alarms.stream().filter(Alarm::armed)
        .min(Comparator.<FakeAlarm>comparingLong(a -> a.deadline).thenComparingLong(a -> a.order)).orElse(null);
  }

  final class FakeAlarm implements Alarm {
    final String name;
    private final Runnable action;
    private long deadline = Long.MAX_VALUE;
    private long order;

    private FakeAlarm(String name, Runnable action) {
      this.name = name;
      this.action = action;
    }

    @Override
    public void at(long ns) {
      deadline = ns;
      order = armings++;
    }

    @Override
    public void cancel() {
      deadline = Long.MAX_VALUE;
    }

    @Override
    public boolean armed() {
      return deadline != Long.MAX_VALUE;
    }

    @Override
    public long deadline() {
      return deadline;
    }

    long order() {
      return order;
    }
  }
}
