// SPDX-License-Identifier: EPL-2.0
package org.xenolith.history;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.xenolith.command.api.BadInput;
import org.xenolith.history.api.Arrival;
import org.xenolith.history.api.Arrival.Why;
import org.xenolith.history.api.Goal;
import org.xenolith.history.api.Moment;
import org.xenolith.history.api.PastMachine;
import org.xenolith.inspect.api.StopPlace;
import org.xenolith.inspect.api.StopReport;
import org.xenolith.launch.api.Launch;
import org.xenolith.machine.api.EventLog;
import org.xenolith.machine.control.Machine;
import org.xenolith.machine.control.Machine.Executed;
import org.xenolith.machine.control.Machine.RunLimit;
import org.xenolith.machine.control.MachineInputs;

/** A machine of the past, between its moves. */
final class StandingPast implements PastMachine {
  private final KeptHistory history;
  private final PastRun run;
  /** Which bundle was changed last when it was made; it can't be moved once another one is. */
  private final Optional<MachineInputs.Change> changed;
  private boolean closed;

  /** @param from where it begins, which goes with it */
  StandingPast(KeptHistory history, Checkpoint from) {
    this.history = history;
    changed = history.inputs().latestChange();
    run = new PastRun(history, from);
    from.drop();
  }

  @Override
  public Machine machine() {
    return run.machine();
  }

  @Override
  public Moment moment() {
    return run.moment();
  }

  private void check() {
    if (closed) {
      throw new BadInput("the past: the present machine's run has ended, and the past with it");
    }
    if (!changed.equals(history.inputs().latestChange())) {
      throw new BadInput("the past: bundles have changed meanwhile (" + history.inputs().latestChange().orElseThrow().text()
          + "), so that this can't be executed any more; go back to the present");
    }
    run.fresh();
  }

  @Override
  public synchronized void go(Goal goal) {
    check();
    history.check(goal);
    if (!move(goal)) {
      throw new BadInput("given up on the way to " + KeptHistory.text(goal) + "; it stands at " + moment());
    }
  }

  private boolean move(Goal goal) {
    run.begin(goal);
    return run.go(goal);
  }

  private Arrival there(boolean arrived, Why why) {
    return new Arrival(arrived ? why : Why.CANCELLED, List.of());
  }

  @Override
  public void toFirst() {
    go(new Goal.Exactly(history.first()));
  }

  @Override
  public void toPresent() {
    go(new Goal.Exactly(history.present()));
  }

  @Override
  public synchronized Arrival step(long instructions) {
    check();
    Moment first = history.first();
    Moment now = history.present();
    long here = run.machine().instructions();
    if (instructions >= now.instructions() - here) {
      return there(move(new Goal.Exactly(now)), instructions == now.instructions() - here ? Why.THERE : Why.PRESENT);
    }
    if (here + instructions < first.instructions()) {
      return there(move(new Goal.Exactly(first)), Why.FIRST);
    }
    return there(move(new Goal.Instruction(here + instructions)), Why.THERE);
  }

  @Override
  public synchronized Arrival step(int cpu, long instructions) {
    check();
    return instructions < 0 ? stepBack(cpu, -instructions) : stepOn(cpu, instructions);
  }

  private Arrival stepOn(int cpu, long instructions) {
    Moment now = history.present();
    for (long i = 0; i < instructions; i++) {
      run.machine().step(cpu);
      if (run.run(new RunLimit(Long.MAX_VALUE, now.instructions()), new Goal.Exactly(now))) {
        return there(move(new Goal.Exactly(now)), Why.PRESENT);
      }
      if (run.wasCancelled()) {
        return there(false, Why.THERE);
      }
    }
    return there(true, Why.THERE);
  }

  private Arrival stepBack(int cpu, long instructions) {
    Moment first = history.first();
    for (long left = instructions; left > 0;) {
      Executed latest = run.latest(cpu);
      // What was executed before the past begins can't be executed again.
      long begin = Math.max(latest.first(), first.instructions());
      if (latest.end() <= begin) {
        return there(move(new Goal.Exactly(first)), Why.FIRST);
      }
      long most = Math.min(left, latest.end() - begin);
      if (!move(new Goal.Instruction(latest.end() - most))) {
        return there(false, Why.THERE);
      }
      left -= most;
    }
    return there(true, Why.THERE);
  }

  @Override
  public synchronized Arrival forwards(List<StopPlace> places, Predicate<StopReport> condition) {
    check();
    return new StopSearch(history, run).forwards(places, condition);
  }

  @Override
  public synchronized Arrival backwards(List<StopPlace> places, Predicate<StopReport> condition) {
    check();
    return new StopSearch(history, run).backwards(places, condition);
  }

  @Override
  public void cancel() {
    run.cancel();
  }

  @Override
  public synchronized Launch whatIf(EventLog events) {
    check();
    return run.launch().fork(events);
  }

  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      history.forget(this);
      run.close();
    }
  }
}
