// SPDX-License-Identifier: EPL-2.0
package org.xenolith.dap;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.eclipse.lsp4j.debug.ContinueArguments;
import org.eclipse.lsp4j.debug.ContinueResponse;
import org.eclipse.lsp4j.debug.NextArguments;
import org.eclipse.lsp4j.debug.StepInArguments;
import org.eclipse.lsp4j.debug.StepOutArguments;
import org.eclipse.lsp4j.debug.StoppedEventArguments;
import org.eclipse.lsp4j.debug.StoppedEventArgumentsReason;
import org.xenolith.dap.DapRequest.When;
import org.xenolith.debug.kit.DebuggerProtocol.Runs;
import org.xenolith.debug.kit.FunctionSteps;
import org.xenolith.inspect.api.InspectedProcessor;
import org.xenolith.inspect.api.StopReport;

/** Requests that let the machine go on and halt it: {@code continue pause next stepIn stepOut}; and what the client is told when it has halted. */
final class RunRequests {
  private final AdaptedMachine machine;
  private final ClientSession session;
  private final Runs runs;
  private final PlantedBreakpoints breakpoints;
  private final PastRequests past;
  private final Runnable goes;
  private boolean running;
  private boolean paused;
  private final FunctionSteps steps;
  /** Numbers of the breakpoints that were reached. */
  private Integer[] hit = new Integer[0];
  /** The processor that executes one instruction; empty if the machine goes on until something stops it. */
  private OptionalInt stepped = OptionalInt.empty();

  /** @param goes told when the machine goes on */
  RunRequests(AdaptedMachine machine, ClientSession session, Runs runs, PlantedBreakpoints breakpoints, Runnable goes) {
    this.breakpoints = breakpoints;
    this.goes = goes;
    this.machine = machine;
    this.session = session;
    this.runs = runs;
    steps = new FunctionSteps(index -> machine.processor(index + 1), breakpoints::places, breakpoints::counts);
    past = new PastRequests(machine, session, runs, breakpoints, steps, goes, new PastRequests.Stops() {
      @Override
      public void stopped(String reason, InspectedProcessor processor, String text) {
        tell(reason, processor, text);
      }

      @Override
      public void reached(List<StopReport> places) {
        RunRequests.this.reached(places);
      }
    });
    machine.counts(steps::counts);
  }

  void addTo(Map<String, DapRequest> requests) {
    DapRequest.add(requests, "continue", When.HALTED, ContinueArguments.class, arguments -> goOn());
    DapRequest.add(requests, "stepIn", When.HALTED, StepInArguments.class, arguments -> {
      steps.beginInto();
      return step(arguments.getThreadId());
    });
    DapRequest.add(requests, "next", When.HALTED, NextArguments.class, arguments -> next(arguments.getThreadId()));
    DapRequest.add(requests, "stepOut", When.HALTED, StepOutArguments.class, arguments -> out(arguments.getThreadId()));
    past.addTo(requests);
    DapRequest.add(requests, "pause", When.ANY_TIME, Object.class, arguments -> pause());
  }

  /** Whether the client believes that the machine runs. */
  boolean running() {
    return running;
  }

  /** Whether it hasn't executed anything yet. */
  boolean isAtEntry() { return machine.machine().instructions() == 0; }

  /** The client has said all that it says first. @param stops whether it wants to see the machine as it is */
  void begin(boolean stops) {
    if (stops) {
      tell(StoppedEventArgumentsReason.ENTRY, machine.processor(), "");
    } else {
      go();
    }
  }

  /** Does something while the machine is halted, which runs on then unless something was reached meanwhile. */
  void briefly(Runnable what) throws InterruptedException {
    if (!running) {
      runs.look(what);
      return;
    }
    if (stepped.isPresent()) {
      throw new RequestRefused("a step is under way; pause it first");
    }
    if (!runs.interrupt()) {
      throw new RequestRefused("no run of the machine is under way");
    }
    List<StopReport> reached = new ArrayList<>();
    try {
      runs.look(() -> reached.addAll(machine.stops().reached()));
      runs.look(what);
    } finally {
      runs.look(() -> {
        if (!reached.isEmpty()) {
          reached(reached);
        } else if (paused) {
          tell(StoppedEventArgumentsReason.PAUSE, machine.processor(), "");
        } else {
          go();
        }
      });
    }
  }

  private Object goOn() {
    steps.beginInto();
    stepped = OptionalInt.empty();
    if (machine.inPast()) {
      past.run(true);
    } else {
      session.later(this::go);
    }
    ContinueResponse response = new ContinueResponse();
    response.setAllThreadsContinued(true);
    return response;
  }

  private Object step(int thread) {
    InspectedProcessor processor = machine.moved(thread);
    if (machine.inPast()) {
      past.step(processor, true);
      return null;
    }
    stepped = OptionalInt.of(processor.index());
    session.later(this::go);
    return null;
  }

  /** The same, but that a function that it calls is executed until that returns. */
  private Object next(int thread) {
    if (machine.inPast()) {
      past.stepOver(machine.moved(thread));
      return null;
    }
    steps.beginOver(machine.processor(thread).index());
    return step(thread);
  }

  private Object out(int thread) {
    InspectedProcessor processor = machine.moved(thread);
    long[] calls = machine.calls(processor, 2);
    if (calls.length < 2) {
      throw new RequestRefused("no caller of CPU " + processor.index() + " is known");
    }
    if (machine.inPast()) {
      past.out(processor, calls[1]);
      return null;
    }
    steps.returnTo(processor.index(), calls[1]);
    comeBack();
    session.later(this::go);
    return null;
  }

  /** Has the machine go on until a processor comes back from a function. */
  private void comeBack() {
    stepped = OptionalInt.empty();
    machine.stops().apply(steps.places());
  }

  private Object pause() {
    if (running) {
      paused = true;
      runs.halt();
    }
    return null;
  }

  private void go() {
    running = true;
    goes.run();
    breakpoints.goes();
    if (stepped.isPresent()) {
      runs.step(stepped.getAsInt());
    } else {
      runs.go();
    }
  }

  /** The machine has been halted after it went on. */
  void halted() {
    List<StopReport> reached = machine.stops().reached();
    if (!reached.isEmpty()) {
      reached(reached);
    } else if (stepped.isPresent() && !paused) {
      if (steps.called(stepped.getAsInt())) {
        comeBack();
        go();
        return;
      }
      tell(StoppedEventArgumentsReason.STEP, machine.processor(stepped.getAsInt() + 1), "");
    } else {
      tell(StoppedEventArgumentsReason.PAUSE, machine.processor(), "");
    }
  }

  private void reached(List<StopReport> reached) {
    StopReport first = reached.getFirst();
    InspectedProcessor processor = first.processor().isPresent() ? machine.processor(first.processor().getAsInt() + 1) : machine
        .processor();
    boolean back = reached.stream().anyMatch(steps::isBack);
    Map<PlantedBreakpoints.Kind, List<Integer>> who = new LinkedHashMap<>();
    reached.forEach(each -> breakpoints.numbers(each.place()).forEach((kind, numbers) -> who.computeIfAbsent(kind,
        any -> new ArrayList<>()).addAll(numbers)));
    hit = who.values().stream().flatMap(List::stream).distinct().toArray(Integer[]::new);
    String reason = who.keySet().stream().findFirst().map(RunRequests::reason).orElse(paused && !back ? StoppedEventArgumentsReason.PAUSE
        : StoppedEventArgumentsReason.STEP);
    tell(reason, processor, first.text());
  }

  private static String reason(PlantedBreakpoints.Kind kind) {
    return switch (kind) {
      case INSTRUCTION -> StoppedEventArgumentsReason.INSTRUCTION_BREAKPOINT;
      case FUNCTION -> StoppedEventArgumentsReason.FUNCTION_BREAKPOINT;
      case DATA -> StoppedEventArgumentsReason.DATA_BREAKPOINT;
      case EXCEPTION -> StoppedEventArgumentsReason.EXCEPTION;
    };
  }

  private void tell(String reason, InspectedProcessor processor, String text) {
    running = false;
    paused = false;
    if (steps.end()) {
      machine.stops().apply(breakpoints.places());
    }
    stepped = OptionalInt.empty();
    machine.choose(processor);
    StoppedEventArguments stopped = new StoppedEventArguments();
    stopped.setReason(reason);
    stopped.setThreadId(machine.shown(processor));
    stopped.setAllThreadsStopped(true);
    if (hit.length > 0) {
      stopped.setHitBreakpointIds(hit);
    }
    hit = new Integer[0];
    if (!text.isEmpty()) {
      stopped.setText(text);
    }
    session.event("stopped", stopped);
  }
}
