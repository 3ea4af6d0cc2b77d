// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inspect.commands;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.xenolith.command.api.BadInput;
import org.xenolith.history.api.PastMachine;
import org.xenolith.inspect.api.InspectedMachine;
import org.xenolith.inspect.api.InspectedProcessor;
import org.xenolith.inspect.kit.NamedMachine;
import org.xenolith.inspect.symbols.MachineSymbols;
import org.xenolith.launch.api.Debugger;
import org.xenolith.launch.api.RunControl;
import org.xenolith.machine.control.Machine;

/** One machine that is looked into, from its launch on. What needs it to stand between two instructions is done at its next safe point, or while it is halted. */
final class InspectedRun implements Debugger.Session {
  private static final int PATIENCE_SECONDS = 60;
  /** How often is looked whether a run ends that was to be halted: nothing tells that. */
  private static final long LOOK_MILLISECONDS = 100;

  final NamedMachine on;
  final Machine machine;
  final InspectedMachine view;
  final MachineSymbols symbols;
  final Breaks breaks;
  final DeviceLogs logs;
  /** Null if the machine was launched before this bundle was there. */
  private final RunControl control;
  private final Runnable closed;
  /** Where it stands, if that is the past; null of a present machine. */
  private PastMachine past;
  /** Has people look at a machine that goes on from there instead. */
  private Supplier<InspectedRun> branch;
  private int chosen;
  private boolean standing;
  private boolean over;
  /** Steps that somebody waits for: what is reached then is told there. */
  private boolean stepping;

  InspectedRun(Machine machine, InspectedMachine view, MachineSymbols symbols, RunControl control, Runnable closed) {
    on = new NamedMachine(machine, view, symbols);
    this.machine = machine;
    this.view = view;
    this.symbols = symbols;
    this.control = control;
    this.closed = closed;
    breaks = new Breaks(this);
    logs = new DeviceLogs(this);
  }

  /** How it is halted. @throws BadInput if that can't be, or nobody would let it go on */
  RunControl control() {
    if (control == null) {
      throw new BadInput(
          "the machine was launched before org.xenolith.inspect.commands was there, and can't be halted; what it has can be looked at");
    }
    if (!control.attended()) {
      throw new BadInput("nobody is at a prompt who could let the machine go on, so that it isn't halted; what it has can be looked at");
    }
    return control;
  }

  /** Tells the person at its prompt something. */
  void tell(String line) {
    control.prompt(line);
  }

  /** It is a machine of the past, or what would be. @param whatIf has people look at a machine that goes on from there instead */
  void past(PastMachine stands, Supplier<InspectedRun> whatIf) {
    past = stands;
    branch = whatIf;
  }

  /** The machine of the past that it is, if it is one. */
  Optional<PastMachine> past() {
    return Optional.ofNullable(past);
  }

  /** The machine that people look at from now on, which goes on from where this one of the past stands, and may be written to. */
  InspectedRun whatIf() {
    return branch.get();
  }

  /** The processor that is meant where none is named: the one that was stopped last. */
  synchronized int chosen() {
    return chosen;
  }

  synchronized void choose(int cpu) {
    chosen = cpu;
  }

  /** @throws BadInput if there is none of that index, or nobody looks into it */
  InspectedProcessor processor(int index) {
    return on.processor(index);
  }

  InspectedProcessor processor() {
    return processor(chosen());
  }

  synchronized boolean stands() {
    return standing;
  }

  // ---- What the machine's driver tells

  @Override
  public void halted() {
    String text = "";
    Optional<Breaks.Reached> reached = breaks.take();
    if (reached.isPresent()) {
      reached.get().processor().ifPresent(this::choose);
      text = PlaceText.stopped(this, reached.get());
    }
    boolean prompt;
    synchronized (this) {
      standing = true;
      prompt = !stepping && !text.isEmpty();
      notifyAll();
    }
    if (stepping) {
      lastStop = text;
    }
    if (prompt) {
      control.prompt(text);
    }
  }

  /** What was reached in the middle of steps; empty for nothing. */
  private volatile String lastStop = "";

  @Override
  public void close() {
    synchronized (this) {
      over = true;
      notifyAll();
    }
    closed.run();
  }

  // ---- What a person wants

  /** Halts it, and waits until it stands. @throws BadInput if its run has ended */
  void pause() {
    RunControl running = control();
    checkRuns(running);
    running.halt();
    try {
      await();
    } catch (BadInput ended) {
      if (running.ended()) {
        running.resume(); // The next run isn't to be halted.
      }
      throw ended;
    }
  }

  private static void checkRuns(RunControl control) {
    if (control.ended()) {
      throw new BadInput("the machine's run has ended: it stands still, and what it has can be looked at");
    }
  }

  void go() {
    checkRuns(control());
    synchronized (this) {
      if (!standing) {
        throw new BadInput("go: the machine runs already; pause halts it");
      }
      standing = false;
    }
    control.resume();
  }

  /**
   * Lets a processor execute instructions one by one.
   *
   * @return what was reached before the last of them; empty for nothing
   */
  String step(int cpu, int times) {
    checkRuns(control());
    if (!stands()) {
      throw new BadInput("step: the machine runs; pause halts it");
    }
    if (control instanceof PastControl there) {
      there.step(cpu, times);
      return "";
    }
    synchronized (this) {
      stepping = true;
      lastStop = "";
    }
    try {
      for (int i = 0; i < times && lastStop.isEmpty(); i++) {
        synchronized (this) {
          standing = false;
        }
        control.step(cpu);
        await();
      }
    } finally {
      synchronized (this) {
        stepping = false;
      }
    }
    return lastStop;
  }

  private synchronized void await() {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    try {
      while (!standing && !over) {
        long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
        if (left <= 0) {
          throw new BadInput("the machine didn't come to a safe point within " + PATIENCE_SECONDS
              + " s; status says whether a model hangs");
        }
        wait(Math.min(left, LOOK_MILLISECONDS));
        checkRuns(control);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BadInput("given up");
    }
    if (over) {
      throw new BadInput("the machine's run has ended");
    }
  }

  /**
   * Looks while the machine stands between two instructions, or doesn't move because one of its models doesn't come back.
   *
   * @param on the machine as whoever asks has it
   */
  <T> T ask(Machine on, Callable<T> what) {
    return ask(on, what, true);
  }

  /** Does what changes the machine, while it stands between two instructions. */
  <T> T change(Machine on, Callable<T> what) {
    return ask(on, what, false);
  }

  private <T> T ask(Machine on, Callable<T> what, boolean looks) {
    if (control != null && (stands() || control.ended())) {
      try {
        return control.look(what);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new BadInput("given up");
      } catch (IllegalStateException runs) {
        // A debugger has let it go on.
        synchronized (this) {
          standing = false;
        }
      }
    }
    CompletableFuture<T> answer = new CompletableFuture<>();
    on.post(() -> {
      if (answer.isDone()) {
        return; // It was answered while a model was in its call.
      }
      try {
        answer.complete(what.call());
      } catch (Throwable e) {
        answer.completeExceptionally(e);
      }
    });
    try {
      return come(on, answer, what, looks);
    } catch (ExecutionException e) {
      throw InspectedRun.<RuntimeException>as(e.getCause());
    } catch (TimeoutException e) {
      throw new BadInput("the machine didn't answer within " + PATIENCE_SECONDS + " s; status says whether a model hangs");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BadInput("given up");
    }
  }

  /**
   * Waits for an answer. A machine whose thread is in a model that doesn't come back, as at a breakpoint of a Java debugger, doesn't move: it is looked into as it stands there, in the
   * middle of an instruction, and nothing of it is executed meanwhile.
   */
  private static <T> T come(Machine on, CompletableFuture<T> answer, Callable<T> what, boolean looks) throws InterruptedException,
      ExecutionException, TimeoutException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    for (;;) {
      try {
        return answer.get(LOOK_MILLISECONDS, TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        if (looks && on.hang().isPresent() && answer.cancel(false)) {
          return inCall(what);
        }
        if (System.nanoTime() > end) {
          throw e;
        }
      }
    }
  }

  private static <T> T inCall(Callable<T> what) {
    try {
      return what.call();
    } catch (BadInput | IllegalArgumentException e) {
      throw e;
    } catch (Exception e) {
      throw new BadInput("the machine went on while it was looked into (" + e + "); ask again");
    }
  }

  @SuppressWarnings("unchecked") // thrown as it is, checked or not
  private static <E extends Throwable> E as(Throwable thrown) throws E {
    throw (E) thrown;
  }

  /** Halts it from within the call that tells of a stop. */
  void reached() {
    if (control != null) {
      control.halt();
    }
  }

  /** The bundle goes: nothing of it is called any more, and the machine goes on. */
  void leave() {
    machine.post(() -> {
      breaks.clear();
      logs.clear();
    });
    if (control != null && stands()) {
      control.resume();
    }
  }

  /** Names of its processors. */
  List<String> cpus() {
    return on.processors();
  }
}
