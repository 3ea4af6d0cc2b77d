// SPDX-License-Identifier: EPL-2.0
package org.xenolith.ui.debug;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.xenolith.command.api.BadInput;
import org.xenolith.debug.kit.DebuggedPast;
import org.xenolith.debug.kit.FunctionSteps;
import org.xenolith.debug.kit.StopsWanted;
import org.xenolith.history.api.Arrival;
import org.xenolith.history.api.MachineHistory;
import org.xenolith.inspect.api.MachineInspector;
import org.xenolith.inspect.api.StopReport;
import org.xenolith.inspect.symbols.SymbolFinder;
import org.xenolith.launch.api.RunControl;
import org.xenolith.machine.control.Machine;

/**
 * A machine as the window halts, steps and looks into it, forwards and through its past. What takes time is done by a thread of its own, one thing after the other, so that nobody waits
 * who draws; a {@link #look} is done by its caller's.
 */
final class ViewedMachine {
  /** What a machine does, as far as its debugger knows. */
  enum State {
    RUNNING, STEPPING, HALTED, OVER
  }

  /** Why a machine stands. */
  enum Why {
    SUSPENDED, STEPPED, REACHED, FIRST, PRESENT, GIVEN_UP
  }

  /** Who is told, by the machine's debugging thread. */
  interface Watcher {
    /**
     * It stands, and may be looked into.
     *
     * @param cpu  index of the CPU by which it stands; empty if by none
     * @param text what was reached, or why it stands there, for people; empty for nothing
     */
    void stands(Why why, OptionalInt cpu, String text);

    /** It goes on. @param stepping whether by an instruction or a function */
    void goes(boolean stepping, OptionalInt cpu);

    /** Its run is over. */
    void over();
  }

  private final LookedMachine shown;
  private final RunControl control;
  private final Supplier<Optional<MachineHistory>> history;
  private final ExecutorService thread = Executors.newSingleThreadExecutor(Thread.ofPlatform().name("debugging").daemon().factory());
  private final StopsWanted stops;
  private final PlantedBreaks breaks;
  private volatile State state = State.RUNNING;
  private Watcher watcher = new Silent();
  /** The CPU that executes one instruction; empty if it goes on until something stops it. */
  private OptionalInt stepped = OptionalInt.empty();
  private final FunctionSteps steps;
  /** Breakpoints have changed while it ran: it is halted for that alone. */
  private volatile boolean replanting;
  private volatile boolean wanted;

  private static final class Silent implements Watcher {
    @Override
    public void stands(Why why, OptionalInt cpu, String text) {}

    @Override
    public void goes(boolean stepping, OptionalInt cpu) {}

    @Override
    public void over() {}
  }

  ViewedMachine(Machine machine, MachineInspector inspector, RunControl control, Optional<SymbolFinder> finder, Supplier<Optional<
      MachineHistory>> history) {
    this.control = control;
    this.history = history;
    shown = new LookedMachine(machine, inspector, finder);
    breaks = new PlantedBreaks(shown);
    steps = new FunctionSteps(shown::processor, breaks::places, breaks::counts);
    stops = new StopsWanted(shown.inspected().stops(), control::halt, steps::counts);
  }

  /** Says who is told, before the machine's first run. */
  void watcher(Watcher told) {
    watcher = told;
  }

  State state() {
    return state;
  }

  /** What is looked at: it, or how it was. */
  LookedMachine shown() {
    return shown;
  }

  /** Whether it can go backwards. */
  boolean hasPast() {
    return shown.past().isPresent() || history.get().isPresent();
  }

  /**
   * Looks into the machine while it stands, on a thread that nothing of it waits for.
   *
   * @throws IllegalStateException if it runs, or goes on meanwhile
   */
  <T> T look(Callable<T> what) throws InterruptedException {
    if (state != State.HALTED) {
      throw new IllegalStateException("the machine runs");
    }
    return control.look(what);
  }

  // ---- What a person wants

  /** Halts it soon, or gives up what takes long in its past. */
  void halt() {
    wanted = true;
    shown.past().ifPresent(DebuggedPast::cancel);
    if (state == State.RUNNING || state == State.STEPPING && !shown.inPast()) {
      control.halt();
    }
  }

  /** Lets it go on, from its past to the next breakpoint or the present. */
  void go() {
    later(() -> {
      if (shown.inPast()) {
        move(OptionalInt.empty(), there -> there.run(true, breaks.places(), breaks::counts));
      } else {
        steps.beginInto();
        goOn(OptionalInt.empty(), false);
      }
    });
  }

  /** Has a CPU execute an instruction. @param calls whether functions that it calls are executed until they return */
  void step(int cpu, boolean calls) {
    later(() -> {
      if (shown.inPast()) {
        move(OptionalInt.of(cpu), there -> calls ? steps.over(there, cpu) : there.step(true, cpu));
        return;
      }
      control.look(() -> {
        if (calls) {
          steps.beginOver(cpu);
        } else {
          steps.beginInto();
        }
        return true;
      });
      goOn(OptionalInt.of(cpu), true);
    });
  }

  /** Lets it go on until a CPU comes back from the function in which it is. @throws BadInput if no caller is known */
  void stepOut(int cpu) {
    later(() -> {
      long[] calls = control.look(() -> shown.calls(shown.processor(cpu), 2));
      if (calls.length < 2) {
        stands(Why.STEPPED, OptionalInt.of(cpu), "no caller of CPU " + cpu + " is known");
      } else if (shown.inPast()) {
        move(OptionalInt.of(cpu), there -> steps.out(there, cpu, calls[1]));
      } else {
        steps.returnTo(cpu, calls[1]);
        comeBack();
        goOn(OptionalInt.empty(), true);
      }
    });
  }

  /** Goes backwards by an instruction of a CPU. */
  void back(int cpu) {
    later(() -> move(OptionalInt.of(cpu), there -> there.step(false, cpu)));
  }

  /** Goes backwards to the breakpoint that was met last, or to the first moment. */
  void backToBreakpoint() {
    later(() -> move(OptionalInt.empty(), there -> there.run(false, breaks.places(), breaks::counts)));
  }

  /** Goes to a moment. @param text as {@link MachineHistory#goal} reads it */
  void goTo(String text) {
    later(() -> move(OptionalInt.empty(), there -> {
      there.go(there.history().goal(text));
      return new Arrival(Arrival.Why.THERE, List.of());
    }));
  }

  /** Comes back to the present. */
  void toPresent() {
    later(() -> {
      if (shown.inPast()) {
        move(OptionalInt.empty(), there -> new Arrival(Arrival.Why.PRESENT, List.of()));
      }
    });
  }

  /** Ends the run. */
  void quit() {
    shown.past().ifPresent(DebuggedPast::cancel);
    control.quit();
  }

  /** The breakpoints are others: a machine that runs is halted for a moment. */
  void breakpoints(List<PlantedBreaks.Asked> all) {
    try {
      thread.execute(() -> {
        if (!breaks.ask(all)) {
          return; // a machine that nobody looks at isn't halted for nothing
        }
        if (state == State.HALTED) {
          plant();
        } else if (state != State.OVER) {
          replanting = true;
          control.halt();
        }
      });
    } catch (RejectedExecutionException e) {
      // It is over.
    }
  }

  /** What became of the breakpoints. */
  PlantedBreaks breaks() {
    return breaks;
  }

  private void plant() {
    try {
      control.look(() -> {
        breaks.plant();
        stops.apply(steps.places());
        return true;
      });
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IllegalStateException e) {
      // It goes on, or is over: they are planted when it stands again.
    }
  }

  private interface Work {
    void run() throws InterruptedException;
  }

  /** Does something to a machine that stands, on its debugging thread. */
  private void later(Work work) {
    try {
      thread.execute(() -> {
        if (state != State.HALTED) {
          return;
        }
        try {
          work.run();
        } catch (BadInput e) {
          stands(Why.GIVEN_UP, OptionalInt.empty(), e.getMessage());
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        } catch (IllegalStateException e) {
          // Its run has ended meanwhile.
        }
      });
    } catch (RejectedExecutionException e) {
      // It is over.
    }
  }

  private void goOn(OptionalInt cpu, boolean stepping) {
    stepped = cpu;
    wanted = false;
    state = stepping ? State.STEPPING : State.RUNNING;
    watcher.goes(stepping, cpu.isPresent() ? cpu : steps.returning());
    resume();
  }

  private void resume() {
    if (stepped.isPresent()) {
      control.step(stepped.getAsInt());
    } else {
      control.resume();
    }
  }

  private void comeBack() throws InterruptedException {
    stepped = OptionalInt.empty();
    control.look(() -> {
      stops.apply(steps.places());
      return true;
    });
  }

  private void move(OptionalInt cpu, Function<DebuggedPast, Arrival> how) throws InterruptedException {
    if (shown.past().isEmpty()) {
      MachineHistory kept = history.get().orElseThrow(() -> new BadInput(
          "nothing is kept of this machine's past: boot it with 'Past, in MiB' filled in"));
      shown.keep(kept);
    }
    DebuggedPast there = shown.past().get();
    state = State.STEPPING;
    watcher.goes(true, cpu);
    Arrival arrival;
    try {
      arrival = control.look(() -> {
        Arrival found = how.apply(there);
        if (found.why() == Arrival.Why.PRESENT) {
          there.leave();
        }
        return found;
      });
    } finally {
      state = State.HALTED;
    }
    switch (arrival.why()) {
      case THERE -> stands(Why.STEPPED, cpu, "");
      case STOP -> stands(Why.REACHED, arrival.reached().getFirst().processor(), breaks.text(arrival.reached()));
      case FIRST -> stands(Why.FIRST, cpu, there.history().beforeFirst().isEmpty() ? "the beginning: nothing was before" : there.history()
          .beforeFirst());
      case PRESENT -> stands(Why.PRESENT, cpu, "the present");
      case CANCELLED -> stands(Why.GIVEN_UP, cpu, "given up on the way");
    }
  }

  // ---- What the machine's driver tells

  /** It is halted; by its driver's thread. */
  void halted() {
    try {
      thread.execute(this::stood);
    } catch (RejectedExecutionException e) {
      control.resume();
    }
  }

  private void stood() {
    try {
      List<StopReport> reached = control.look(stops::reached);
      boolean back = steps.returning().isPresent();
      if (replanting && reached.isEmpty() && !wanted) {
        replanting = false;
        plant();
        resume();
        return;
      }
      replanting = false;
      OptionalInt cpu = reached.isEmpty() ? stepped : reached.getFirst().processor();
      if (reached.isEmpty() && stepped.isPresent() && !wanted && control.look(() -> steps.called(stepped.getAsInt()))) {
        comeBack();
        resume();
        return;
      }
      boolean step = stepped.isPresent() || back;
      List<StopReport> ofBreaks = reached.stream().filter(each -> breaks.places().contains(each.place())).toList();
      steps.end();
      stepped = OptionalInt.empty();
      state = State.HALTED;
      plant();
      stands(!ofBreaks.isEmpty() ? Why.REACHED : step && !wanted ? Why.STEPPED : Why.SUSPENDED, cpu, breaks.text(ofBreaks));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IllegalStateException e) {
      // Somebody else has let it go on, or its run is over.
    }
  }

  private void stands(Why why, OptionalInt cpu, String text) {
    state = State.HALTED;
    watcher.stands(why, cpu, text);
  }

  /** Its life ends, or its debugger goes: what is halted goes on. */
  void close() {
    boolean stood = state == State.HALTED;
    state = State.OVER;
    shown.past().ifPresent(DebuggedPast::cancel);
    try {
      thread.execute(() -> {
        shown.past().ifPresent(DebuggedPast::leave);
        watcher.over();
      });
    } catch (RejectedExecutionException e) {
      return;
    }
    thread.shutdown();
    if (stood && !control.ended()) {
      control.resume();
    }
  }
}
