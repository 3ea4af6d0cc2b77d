// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.run;

import static org.xenolith.command.api.OptionName.option;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.xenolith.machine.Hardware;
import org.xenolith.machine.control.Machine.Executed;
import org.xenolith.machine.control.Machine.RunLimit;
import org.xenolith.machine.control.Machine.StopReason;
import org.xenolith.machine.processors.Sampling;
import org.xenolith.machine.processors.Turn;
import org.xenolith.machine.processors.WatchedAddresses;
import org.xenolith.machine.time.Governor;
import org.xenolith.machine.time.VirtualClock;

/**
 * Executes a machine: fires what is due, lets in what waits at the safe point, then runs one slice of one CPU, or jumps to
 * the next deadline when all of them wait. Where slices are cut is invisible to the guest, so that a safe point may come
 * anywhere.
 */
public final class RunLoop {
  /** Most instructions of a slice: safe points come within about a millisecond. */
  private static final long LONGEST_SLICE = 200_000;
  /** Slices without progress before an engine is declared stuck. */
  private static final int MOST_EMPTY_SLICES = 10_000;
  private static final VarHandle TURNS;

  static {
    try {
      TURNS = MethodHandles.lookup().findVarHandle(RunLoop.class, "turns", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Hardware hardware;
  private final Governor governor = new Governor();
  private final OutsideInputs inputs;
  private final Settling settling;
  private final Stillness stillness;
  private final ConcurrentLinkedQueue<Runnable> posts = new ConcurrentLinkedQueue<>();
  private volatile boolean attention;
  private volatile boolean stopRequested;
  /** Whether an action that was posted is done now. */
  private boolean acting;
  private volatile Thread thread;
  /** Times around the loop; a watchdog sees whether it goes on. */
  private long turns;
  private InputSource source = InputSource.LIVE;
  private long sliceEnd = Long.MIN_VALUE;
  private int emptySlices;
  private String failure;
  /** Cuts slices for watchers. */
  private final Sampling sampling;
  private final WatchedAddresses addresses;
  /** Boots the machine again after a reset; null if a reset ends the run. */
  private Runnable boot;
  /** The run ends when this CPU has executed an instruction; null for none. */
  private Turn stepped;
  private final DueActions due = new DueActions();
  private final LatestExecutions latest = new LatestExecutions();

  /** @param stuck why the loop will not come to a safe point; null as far as is known */
  public RunLoop(Hardware hardware, Supplier<String> stuck) {
    this.hardware = hardware;
    stillness = new Stillness(this::attend, stuck);
    settling = new Settling(hardware);
    sampling = new Sampling(hardware.exits);
    addresses = hardware.addresses;
    inputs = new OutsideInputs(hardware);
    hardware.queue.onArm(this::armed);
  }

  public Governor governor() {
    return governor;
  }

  public OutsideInputs inputs() {
    return inputs;
  }

  public Stillness stillness() {
    return stillness;
  }

  /** Who boots the machine again after a reset; null for nobody. Returns who did. */
  public Runnable onReset(Runnable newBoot) {
    Runnable before = boot;
    boot = newBoot;
    return before;
  }

  /** Has slices cut so that watchers see CPUs when they want to. */
  public Sampling sampling() {
    return sampling;
  }

  /** Where inputs come from: live, recorded while live, or a journal. */
  public void source(InputSource newSource) {
    source = newSource;
    failure = null;
  }

  public InputSource source() {
    return source;
  }

  public StopReason run(RunLimit limit) {
    stillness.enter();
    thread = Thread.currentThread();
    addresses.forget();
    try {
      for (;;) {
        StopReason end = turn(limit);
        if (end != null) {
          return end;
        }
      }
    } finally {
      stepped = null;
      if (thread == Thread.currentThread()) {
        thread = null;
      }
      stillness.leave();
    }
  }

  /**
   * Once around the loop, in a method of its own: the JVM compiles that after some hundreds of times, a loop whose method never returns only after tens of
   * thousands. Returns why the run ends; null if it goes on.
   */
  private StopReason turn(RunLimit limit) {
    TURNS.setOpaque(this, turns + 1);
    // Nobody but a bundle interrupts it: files that models and journals have open would be closed by their next use, and no wait would last.
    Thread.interrupted();
    hardware.queue.fireDue();
    safePoint();
    addresses.tell();
    hardware.requireOwner();
    StopReason end = end(limit);
    if (end == StopReason.RESET && boot != null && source.reset()) {
      new MachineReset(hardware).perform();
      return null;
    }
    if (end == StopReason.RESET && boot == null) {
      hardware.power.tell(hardware.events);
    }
    if (end == null && hardware.clock.now() >= hardware.power.bootAt()) {
      return boots() ? null : StopReason.RESET;
    }
    if (end == null && hardware.standsStill()) {
      awaitAttention();
      return null;
    }
    if (end == null) {
      Turn next = hardware.scheduler.pick();
      end = next == null ? idle(limit) : slice(next, limit);
    }
    if (end == StopReason.STOPPED || end == StopReason.LIMIT) {
      // What is changed between two runs has its place as an input has.
      settle();
    }
    if (end == StopReason.STOPPED) {
      // Only then: a stop that came too late for this run ends the next one at once, it is never lost.
      stopRequested = false;
    }
    return end;
  }

  /** The thread that runs the machine now; null while none does. */
  public Thread thread() {
    return thread;
  }

  public long turns() {
    return (long) TURNS.getOpaque(this);
  }

  /** The thread that runs it is in a call that doesn't come back, between two instructions: another one may run the machine. */
  public void abandon() {
    Thread given = thread;
    hardware.lost = given;
    thread = null;
    stillness.abandon(given);
  }

  private StopReason end(RunLimit limit) {
    if (failure != null) {
      return fault(failure);
    }
    return switch (hardware.power.request()) {
      case OFF -> StopReason.POWER_OFF;
      case EXIT -> StopReason.EXIT;
      case RESET, WARM_RESET -> boot != null || source.live() || source.nextInstructions() == Long.MAX_VALUE ? StopReason.RESET
          : fault("the guest resets the machine, which nothing boots again; the journal goes on at instruction "
              + source.nextInstructions() + ": replay it with " + option("on-reset") + " boot, as it was recorded");
      case NONE -> stopRequested ? StopReason.STOPPED
          : hardware.clock.instructions() >= limit.instructions() || hardware.clock.now() >= limit.virtualNanoseconds()
              ? StopReason.LIMIT : null;
    };
  }

  /** Boots the machine that was reset; false if that can't be done. */
  private boolean boots() {
    if (boot == null) {
      return false;
    }
    hardware.power.clear();
    emptySlices = 0;
    try {
      boot.run();
      return true;
    } catch (OutOfMemoryError e) {
      throw e;
    } catch (Throwable e) {
      hardware.events.announce("reset-failed", "machine", "it can't be booted again: " + e.getMessage());
      return false;
    }
  }

  /** Instructions until something happens that isn't the CPU's, of which so many are done by now. */
  private long budget(Turn turn, RunLimit limit, long done) {
    long budget = Math.min(hardware.scheduler.left(), hardware.clock.instructionsUntil(nextDeadline()));
    budget = Math.min(budget, left(limit, done));
    budget = Math.min(budget, source.nextInstructions() - done);
    budget = Math.min(budget, due.next() - done);
    if (turn == stepped) {
      budget = Math.min(budget, 1);
    }
    return Math.min(budget, sampling.left(turn));
  }

  private void endStep(Turn turn, long executed) {
    if (turn == stepped && executed > 0) {
      stopRequested = true;
    }
  }

  private StopReason failed(Throwable bug) {
    if (bug instanceof OutOfMemoryError memory) {
      // Guest RAM is allocated when it is touched: what the host lacks is for the caller to tell.
      throw memory;
    }
    return fault(thrown(bug));
  }

  private StopReason slice(Turn turn, RunLimit limit) {
    VirtualClock clock = hardware.clock;
    long done = clock.instructions();
    long budget = budget(turn, limit, done);
    if (budget <= 0) {
      return source.nextInstructions() > done ? null : differs(done);
    }
    boolean whole = budget <= LONGEST_SLICE;
    budget = whole ? budget : LONGEST_SLICE;
    sliceEnd = clock.at(done + budget);
    long executed;
    sampling.begin();
    clock.begin(turn);
    try {
      executed = whole ? turn.run(budget) : turn.runAbout(budget);
    } catch (Throwable bug) {
      clock.end(turn.executed());
      return failed(bug);
    }
    clock.end(executed);
    hardware.initiator.none();
    hardware.scheduler.spent(executed);
    latest.ran(turn, done, executed);
    sampling.end(turn, executed);
    addresses.tell();
    endStep(turn, executed);
    emptySlices = executed == 0 ? emptySlices + 1 : 0;
    if (hardware.standing.atEnd(turn) && !(governor.on() && source.live())) {
      return StopReason.EXCEPTION_LOOP;
    }
    return emptySlices > MOST_EMPTY_SLICES ? fault("the CPU engine makes no progress") : null;
  }

  /** When something is due: an alarm, or the boot after a reset. */
  private long nextDeadline() {
    return Math.min(hardware.queue.next(), hardware.power.bootAt());
  }

  /** Instructions until the limit is reached. */
  private long left(RunLimit limit, long done) {
    return Math.min(hardware.clock.instructionsUntil(limit.virtualNanoseconds()), limit.instructions() - done);
  }

  private StopReason differs(long done) {
    return fault("the run differs from its journal: at instruction " + done + " a CPU is running, an input is due at "
        + source.nextNanoseconds(done) + " ns, it is " + hardware.clock.now() + " ns");
  }

  private static String thrown(Throwable bug) {
    StringBuilder text = new StringBuilder("the CPU engine threw " + bug);
    StackTraceElement[] frames = bug.getStackTrace();
    for (int i = 0; i < Math.min(frames.length, 8); i++) {
      text.append("\n    at ").append(frames[i]);
    }
    return text.toString();
  }

  private StopReason idle(RunLimit limit) {
    VirtualClock clock = hardware.clock;
    long now = clock.now();
    long deadline = Math.min(nextDeadline(), source.nextNanoseconds(clock.instructions()));
    if (deadline == Long.MAX_VALUE && !(governor.awaited() && source.live())) {
      return source.live() || source.nextInstructions() == Long.MAX_VALUE ? StopReason.IDLE
          : fault("the machine waits for ever, the journal goes on at instruction " + source.nextInstructions());
    }
    long target = Math.min(deadline, limit.virtualNanoseconds());
    if (target == Long.MAX_VALUE || (source.live() ? governor.paces() : governor.on())) {
      long reached = governor.await(now, target, () -> attention);
      if (attention) {
        // The time at which an input comes in is part of the run; for anything else time needn't move.
        if (source.live() && inputs.fresh()) {
          clock.jump(reached);
        }
        return null;
      }
    }
    clock.jump(target);
    return null;
  }

  /** A CPU has no engine: nothing may go on, not even time, until it has one again. */
  private void awaitAttention() {
    while (!attention) {
      LockSupport.park(this);
    }
  }

  private void safePoint() {
    if (attention) {
      attention = false;
      settle();
      stillness.giveWay();
      settle();
      act(posts);
    }
    if (hardware.clock.instructions() >= due.next()) {
      settle();
      act(due.take(hardware.clock.instructions()));
    }
    if (!source.live()) {
      inputs.drop();
    }
    source.apply(this);
  }

  /** An input is taken now, by who made the machine stand still. */
  public void take(OutsideInputs.Input input) {
    if (thread == Thread.currentThread() && !acting) {
      // What is due at the same time comes first in a run that replays it.
      throw new IllegalStateException("the machine is in the middle of its run; give it an action (Machine.post) that brings " + input
          .kind()
          + " at " + input.place());
    }
    if (!source.live()) {
      throw new IllegalStateException("the machine replays a journal, which has all of its inputs; " + input.kind() + " at " + input.place()
          + " can be given once it doesn't any more");
    }
    settle();
    inputs.take(input);
    source.taken(input);
    settle();
  }

  private void act(Queue<Runnable> actions) {
    acting = true;
    for (Runnable action; (action = actions.poll()) != null;) {
      try {
        action.run();
      } catch (Throwable e) {
        hardware.events.announce("action-failed", "machine", e.toString());
      }
    }
    acting = false;
  }

  /** Lets follow what needs no instruction: before every input and change, and after it. */
  public void settle() {
    try {
      settling.settle();
    } catch (OutOfMemoryError e) {
      throw e;
    } catch (Throwable bug) {
      failure = thrown(bug);
    }
  }

  /** The run isn't the one of its journal: it ends as a fault. */
  public void diverged(String how) {
    failure = how;
  }

  /** An internal fault ends the run. */
  StopReason fault(String what) {
    hardware.events.announce("internal-fault", "machine", what);
    return StopReason.FAULT;
  }

  /** An alarm was armed: a slice that goes on beyond it ends after the current instruction. */
  private void armed(long deadline) {
    Turn running = hardware.clock.running();
    if (running != null && deadline <= sliceEnd) {
      running.requestExit();
    }
  }

  /** Brings the loop to its next safe point soon. Any thread. */
  public void attend() {
    attention = true;
    LockSupport.unpark(thread);
  }

  public void post(Runnable action) {
    posts.add(action);
    attend();
  }

  /** Does something at the first safe point at which so many instructions have been executed: exactly then, or at once. On the machine's thread, or while it stands still. */
  public void postAt(long instructions, Runnable action) {
    due.add(instructions, action);
  }

  /** What a CPU has executed last. */
  public Executed latest(Turn turn) {
    return latest.of(turn);
  }

  /** The machine was given another state: what CPUs have executed in it isn't known, and what they were halted at is no more. */
  public void forget() {
    latest.forget();
    addresses.restored();
  }

  /** Ends the next run when a CPU has executed an instruction. */
  public void step(Turn cpu) {
    stepped = cpu;
  }

  public void stop() {
    stopRequested = true;
    Turn running = hardware.clock.running();
    if (Thread.currentThread() == thread && running != null) {
      running.requestExit();
    }
    attend();
  }
}
