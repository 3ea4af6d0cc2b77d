// SPDX-License-Identifier: EPL-2.0
package org.xenolith.history;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
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
import org.xenolith.machine.control.Machine.RunLimit;
import org.xenolith.machine.control.Machine.StopReason;

/** What would be if: a fork of a machine of the past. It takes nothing from outside but what people write to it, and goes on as it does then; where it was isn't kept. */
final class WhatIf implements PastMachine {
  private final KeptHistory history;
  private final Launch launch;
  private final Machine machine;
  private final Moment branched;
  /** What people were not told yet. */
  private final List<String> unsaid = new ArrayList<>();
  private volatile boolean cancelled;
  private boolean closed;

  /** @param launch goes with this */
  WhatIf(KeptHistory history, Launch launch) {
    this.history = history;
    this.launch = launch;
    machine = launch.machine();
    machine.name(history.machine().name() + " (what if)");
    launch.connect(text -> {
      synchronized (unsaid) {
        unsaid.add(text);
      }
    });
    branched = moment();
  }

  /** What people should know since this was asked last, a line each: it has no network, so that what its guest is connected with ends. */
  String takeNotices() {
    synchronized (unsaid) {
      String all = unsaid.stream().map(text -> text + "\n").collect(Collectors.joining());
      unsaid.clear();
      return all;
    }
  }

  @Override
  public Machine machine() {
    return machine;
  }

  @Override
  public Moment moment() {
    return new Moment(machine.instructions(), machine.now());
  }

  @Override
  public Optional<Moment> branched() {
    return Optional.of(branched);
  }

  private void check() {
    if (closed) {
      throw new BadInput("what would be: the present machine's run has ended, and this with it");
    }
    // A stop that came too late ends nothing of what begins now.
    machine.run(new RunLimit(Long.MAX_VALUE, machine.instructions()));
    cancelled = false;
  }

  private BadInput onlyForwards() {
    return new BadInput("what would be since " + branched + " has no past of its own; at leads to what was");
  }

  /** Executes. Returns whether a limit was reached or the run is over; else something stopped it. */
  private boolean run(RunLimit limit) {
    StopReason reason = machine.run(limit);
    if (reason == StopReason.FAULT) {
      throw new BadInput("what would be: it failed at " + moment() + "; no guest does that, but a model");
    }
    return reason != StopReason.STOPPED;
  }

  private static Arrival of(Why why) {
    return new Arrival(why, List.of());
  }

  @Override
  public synchronized void go(Goal goal) {
    check();
    RunLimit limit = switch (goal) {
      case Goal.Instruction to when to.count() >= machine.instructions() -> new RunLimit(Long.MAX_VALUE, to.count());
      case Goal.Time to when to.nanoseconds() >= machine.now() -> new RunLimit(to.nanoseconds(), Long.MAX_VALUE);
      default -> throw onlyForwards();
    };
    if (!run(limit)) {
      throw new BadInput("given up on the way to " + KeptHistory.text(goal) + "; it stands at " + moment());
    }
  }

  @Override
  public void toFirst() {
    throw onlyForwards();
  }

  @Override
  public void toPresent() {
    throw onlyForwards();
  }

  @Override
  public synchronized Arrival step(long instructions) {
    check();
    if (instructions < 0) {
      throw onlyForwards();
    }
    long end = machine.instructions() + instructions;
    boolean whole = run(new RunLimit(Long.MAX_VALUE, end));
    return of(!whole ? Why.CANCELLED : machine.instructions() == end ? Why.THERE : Why.PRESENT);
  }

  @Override
  public synchronized Arrival step(int cpu, long instructions) {
    check();
    if (instructions < 0) {
      throw onlyForwards();
    }
    for (long i = 0; i < instructions; i++) {
      machine.step(cpu);
      if (run(RunLimit.NONE)) {
        return of(Why.PRESENT);
      }
      if (cancelled) {
        return of(Why.CANCELLED);
      }
    }
    return of(Why.THERE);
  }

  @Override
  public synchronized Arrival forwards(List<StopPlace> places, Predicate<StopReport> condition) {
    check();
    return StopSearch.forwards(machine, history.inspector().of(machine), () -> run(RunLimit.NONE), places, condition);
  }

  @Override
  public Arrival backwards(List<StopPlace> places, Predicate<StopReport> condition) {
    throw onlyForwards();
  }

  @Override
  public void cancel() {
    cancelled = true;
    machine.stop();
  }

  @Override
  public synchronized Launch whatIf(EventLog events) {
    return launch.fork(events);
  }

  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      history.forget(this);
      launch.close();
    }
  }
}
