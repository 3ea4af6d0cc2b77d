// SPDX-License-Identifier: EPL-2.0
package org.xenolith.history;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.xenolith.command.api.BadInput;
import org.xenolith.command.api.HostReason;
import org.xenolith.console.api.SerialPort;
import org.xenolith.history.api.Goal;
import org.xenolith.history.api.Moment;
import org.xenolith.launch.api.Launch;
import org.xenolith.machine.api.EventLog;
import org.xenolith.machine.control.Machine;
import org.xenolith.machine.control.Machine.Executed;
import org.xenolith.machine.control.Machine.RunLimit;
import org.xenolith.machine.control.Machine.StopReason;

/** A fork that executes the past of its machine again, from checkpoints, with the inputs that this one took. */
final class PastRun implements AutoCloseable {
  private static final String SERIAL = "serial";
  /** Instructions that are executed again to go back by one are at most so many, once a state is kept near by. */
  private static final long NEAR = 200_000;
  /** From so many on a state is kept near by. */
  private static final long FAR = 2_000_000;

  private final KeptHistory history;
  private final Launch launch;
  private final Machine machine;
  /** What each CPU had executed last by the state that it was given last. */
  private List<Executed> latest;
  /** What the log said last of what went wrong. */
  private volatile String trouble = "";
  private volatile boolean cancelled;

  /** @param from where it begins; this doesn't keep it */
  PastRun(KeptHistory history, Checkpoint from) {
    this.history = history;
    launch = history.launch().fork(from.state(), new Troubles());
    machine = launch.machine();
    machine.name(history.machine().name() + " in the past");
    machine.inputHandler(SERIAL, (node, bytes) -> machine.port(node, SerialPort.class).offer(bytes));
    machine.replay(history.inputs(), from.state());
    latest = from.latest();
  }

  /** Hears why a run can't go on. */
  private final class Troubles implements EventLog {
    @Override
    public void report(String kind, String place, String text) {
      if (kind.equals("internal-fault")) {
        trouble = text;
      }
    }

    @Override
    public void announce(String kind, String place, String text) {
      report(kind, place, text);
    }

    @Override
    public void hostFailed(String kind, String place, String text) {
      report(kind, place, text);
    }
  }

  Launch launch() {
    return launch;
  }

  Machine machine() {
    return machine;
  }

  Moment moment() {
    return new Moment(machine.instructions(), machine.now());
  }

  void cancel() {
    cancelled = true;
    machine.stop();
  }

  /** Nobody has given up what begins now; a stop that came too late for what was before ends nothing of it. */
  void fresh() {
    machine.run(new RunLimit(Long.MAX_VALUE, machine.instructions()));
    cancelled = false;
  }

  /** Whether somebody has given up since this was asked last. */
  boolean wasCancelled() {
    boolean was = cancelled;
    cancelled = false;
    return was;
  }

  /** It stands where a checkpoint does. */
  void restore(Checkpoint to) {
    try {
      machine.restore(to.state());
    } catch (IOException e) {
      throw new BadInput("the past: " + HostReason.of(e).text());
    }
    machine.replay(history.inputs(), to.state());
    latest = to.latest();
  }

  /** What a CPU has executed last by now; nothing if it never has. */
  Executed latest(int cpu) {
    Executed since = machine.latest(cpu);
    Executed before = latest.get(cpu);
    if (since.end() == since.first()) {
      return before;
    }
    return before.end() == since.first() && before.end() > before.first() ? new Executed(before.first(), since.end()) : since;
  }

  /** Stands at a checkpoint at or before a goal, unless it is between the two already. */
  void begin(Goal goal) {
    Moment here = moment();
    boolean behind = switch (goal) {
      case Goal.Instruction to -> here.instructions() >= to.count();
      case Goal.Time to -> here.nanoseconds() > to.nanoseconds();
      case Goal.Exactly to -> here.compareTo(to.moment()) > 0;
    };
    Checkpoint from = history.before(goal, history.present()).orElseThrow(() -> new BadInput("nothing of the past is kept before "
        + KeptHistory.text(goal)));
    try {
      if (behind || from.moment().compareTo(here) > 0) {
        restore(from);
      }
    } finally {
      from.drop();
    }
  }

  /** Goes on to a goal. Returns whether it got there; else somebody gave up. */
  boolean go(Goal goal) {
    return switch (goal) {
      case Goal.Instruction to -> instructions(to.count(), to);
      case Goal.Time to -> run(new RunLimit(to.nanoseconds(), Long.MAX_VALUE), to);
      case Goal.Exactly to -> instructions(to.moment().instructions(), to) && exactly(to);
    };
  }

  private boolean exactly(Goal.Exactly to) {
    if (machine.now() < to.moment().nanoseconds() && !run(new RunLimit(to.moment().nanoseconds(), Long.MAX_VALUE), to)) {
      return false;
    }
    if (!moment().equals(to.moment())) {
      throw new BadInput(to.moment() + " is no moment of this run; near by is " + moment());
    }
    return true;
  }

  private boolean instructions(long count, Goal to) {
    if (count - machine.instructions() > FAR) {
      if (!run(new RunLimit(Long.MAX_VALUE, count - NEAR), to)) {
        return false;
      }
      keepNear();
    }
    // Also where it stands there already: a state has nothing yet of what came from outside at its moment.
    return run(new RunLimit(Long.MAX_VALUE, count), to);
  }

  /** Who goes back from here begins here, as long as this is kept. */
  private void keepNear() {
    try {
      history.kept().keepNear(state());
    } catch (BadInput e) {
      // It is only quicker with one.
    }
  }

  /** Where it stands, which somebody has from now on. @throws BadInput if that can't be kept */
  Checkpoint state() {
    try {
      return new Checkpoint(machine.nextState(), machine.processors().stream().map(each -> latest(each.index())).toList(), history.inputs()
          .latestChange());
    } catch (IOException e) {
      throw new BadInput("the past: " + HostReason.of(e).text());
    }
  }

  /**
   * Executes.
   *
   * @return whether the limit was reached, or the run's end; else somebody stopped it
   */
  boolean run(RunLimit limit, Goal to) {
    trouble = "";
    StopReason reason = machine.run(limit);
    if (reason == StopReason.FAULT) {
      throw new BadInput("the past doesn't come out as it was, on the way to " + KeptHistory.text(to) + ": " + trouble);
    }
    return reason != StopReason.STOPPED;
  }

  @Override
  public void close() {
    launch.close();
  }
}
