// SPDX-License-Identifier: EPL-2.0
package org.xenolith.history;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.xenolith.command.api.BadInput;
import org.xenolith.history.api.Goal;
import org.xenolith.history.api.MachineHistory;
import org.xenolith.history.api.Moment;
import org.xenolith.history.api.PastMachine;
import org.xenolith.inspect.api.MachineInspector;
import org.xenolith.inspect.kit.AttendedRun;
import org.xenolith.launch.api.Debugger;
import org.xenolith.launch.api.Launch;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.machine.control.Machine;
import org.xenolith.machine.control.MachineInputs;
import org.xenolith.machine.kit.JournalCommand;

/** The past of one machine. */
final class KeptHistory implements MachineHistory, Debugger.Session {
  private final Launch launch;
  private final Machine machine;
  private final long budget;
  private final MachineInspector inspector;
  private final MachineInputs inputs;
  private final Checkpoints checkpoints;
  private final DeviceWrites deviceWrites;
  private final List<PastMachine> open = new CopyOnWriteArrayList<>();
  private final Runnable closed;
  private final EarlierRuns earlier;
  private volatile Consumer<String> progress;
  private volatile PastMachine shown;
  /** Where this ends in the place of the present; null if it doesn't. */
  private volatile Moment end;

  /**
   * Keeps nothing until it {@linkplain #begin begins}.
   *
   * @param progress hears how far a long way is, in lines
   * @param location of this bundle, for a second process
   * @param closed   is done when it ends
   */
  KeptHistory(Launch launch, LaunchRequest request, MachineInspector inspector, Consumer<String> progress, String location,
      Runnable closed) {
    HistoryOption.Settings settings = HistoryOption.settings(request.text(HistoryOption.NAME).orElse(""));
    this.progress = progress;
    this.launch = launch;
    budget = settings.budget();
    this.inspector = inspector;
    this.closed = closed;
    machine = launch.machine();
    inputs = machine.inputs();
    checkpoints = new Checkpoints(machine, inputs, settings);
    deviceWrites = new DeviceWrites(inputs);
    earlier = new EarlierRuns(inputs, request.text(JournalCommand.OPTION), settings.text(), location, line -> this.progress.accept(line));
  }

  /** Who hears from now on how far a long way is. */
  void progress(Consumer<String> hears) {
    progress = hears;
  }

  /** What is behind this moment isn't this run's past: a bundle was changed there. */
  void endsAt(Moment moment) {
    end = moment;
  }

  /** Whether it ends where a bundle was changed, and not at the present. */
  boolean isEarlier() { return end != null; }

  /** What ran before bundles were changed. */
  EarlierRuns earlier() {
    return earlier;
  }

  @Override
  public Optional<Moment> inOtherProcess() {
    return earlier.moment();
  }

  void begin() {
    checkpoints.begin();
  }

  Launch launch() {
    return launch;
  }

  /** Moves a machine of it while a person waits, who can give up. */
  <T> T attended(PastMachine past, Callable<T> move) {
    return new AttendedRun(past.machine(), past::cancel, progress).await(move);
  }

  MachineInspector inspector() {
    return inspector;
  }

  MachineInputs inputs() {
    return inputs;
  }

  Checkpoints kept() {
    return checkpoints;
  }

  /** What is known of writes to devices' registers. */
  DeviceWrites deviceWrites() {
    return deviceWrites;
  }

  @Override
  public Machine machine() {
    return machine;
  }

  @Override
  public Moment first() {
    return checkpoints.first();
  }

  @Override
  public String beforeFirst() {
    return inputs.latestChange().map(earlier::remedy).orElse("");
  }

  @Override
  public Moment present() {
    Moment last = end;
    return last != null ? last : new Moment(machine.instructions(), machine.now());
  }

  @Override
  public List<Moment> checkpoints() {
    return checkpoints.moments();
  }

  @Override
  public long held() {
    return machine.keptBytes();
  }

  @Override
  public long budget() {
    return budget;
  }

  @Override
  public Goal goal(String text) {
    return GoalText.of(text);
  }

  @Override
  public PastMachine at(Goal goal) {
    StandingPast past = near(goal);
    try {
      past.go(goal);
    } catch (RuntimeException e) {
      past.close();
      throw e;
    }
    return past;
  }

  /** A machine of the past that stands where a way to the goal begins. */
  StandingPast near(Goal goal) {
    Moment end = check(goal);
    if (goal instanceof Goal.Exactly to && to.moment().equals(end) && this.end == null) {
      checkpoints.nearPresent();
    }
    Checkpoint from = before(goal, end).orElseThrow(() -> new BadInput("nothing of the past is kept"));
    StandingPast past;
    try {
      past = new StandingPast(this, from);
    } catch (RuntimeException e) {
      from.drop();
      throw e;
    }
    open.add(past);
    return past;
  }

  /**
   * Whether a goal can be reached.
   *
   * @return where the present machine stands
   */
  Moment check(Goal goal) {
    Moment first = first();
    Moment now = present();
    boolean early = switch (goal) {
      case Goal.Instruction to -> to.count() < first.instructions();
      case Goal.Time to -> to.nanoseconds() < first.nanoseconds();
      case Goal.Exactly to -> to.moment().compareTo(first) < 0;
    };
    boolean late = switch (goal) {
      case Goal.Instruction to -> to.count() > now.instructions();
      case Goal.Time to -> to.nanoseconds() > now.nanoseconds();
      case Goal.Exactly to -> to.moment().compareTo(now) > 0;
    };
    if (early) {
      throw new BadInput(text(goal) + " is before the first moment that can be reached, " + first + (beforeFirst().isEmpty()
          ? ", when this was launched"
          : ": " + beforeFirst()));
    }
    if (late) {
      throw new BadInput(text(goal) + " is beyond the present, " + now + "; let the machine go on first");
    }
    return now;
  }

  static String text(Goal goal) {
    return switch (goal) {
      case Goal.Instruction to -> "instruction " + to.count();
      case Goal.Time to -> to.nanoseconds() + "ns";
      case Goal.Exactly to -> to.moment().toString();
    };
  }

  /** The checkpoint to begin from, which somebody has from now on. */
  Optional<Checkpoint> before(Goal goal, Moment end) {
    return switch (goal) {
      // One of that count may be of a later moment than the first.
      case Goal.Instruction to -> checkpoints.before(new Moment(to.count(), 0), true).or(() -> checkpoints.before(new Moment(to.count(), to
          .count() == end.instructions() ? end.nanoseconds() : Long.MAX_VALUE), false));
      case Goal.Exactly to -> checkpoints.before(to.moment(), false);
      case Goal.Time to -> checkpoints.notAfter(to.nanoseconds());
    };
  }

  @Override
  public PastMachine whatIf(PastMachine past) {
    past.branched().ifPresent(since -> {
      throw new BadInput("this is what would be already, since " + since + "; it may be written to");
    });
    WhatIf what = new WhatIf(this, past.whatIf((kind, place, text) -> {}));
    open.add(what);
    return what;
  }

  void forget(PastMachine past) {
    open.remove(past);
    if (shown == past) {
      shown = null;
    }
  }

  @Override
  public Optional<PastMachine> shown() {
    return Optional.ofNullable(shown);
  }

  @Override
  public void show(PastMachine past) {
    PastMachine before = shown;
    shown = past;
    if (before != null && before != past) {
      before.close();
    }
  }

  @Override
  public void halted() {
    // Nothing: what is kept suffices.
  }

  @Override
  public void close() {
    closed.run();
    earlier.close();
    open.forEach(PastMachine::close);
    checkpoints.close();
  }
}
