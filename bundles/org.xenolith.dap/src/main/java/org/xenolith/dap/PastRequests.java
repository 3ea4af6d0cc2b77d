// SPDX-License-Identifier: EPL-2.0
package org.xenolith.dap;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.eclipse.lsp4j.debug.ReverseContinueArguments;
import org.eclipse.lsp4j.debug.StepBackArguments;
import org.eclipse.lsp4j.debug.StoppedEventArgumentsReason;
import org.xenolith.command.api.BadInput;
import org.xenolith.command.api.OptionName;
import org.xenolith.dap.DapRequest.When;
import org.xenolith.debug.kit.DebuggedPast;
import org.xenolith.debug.kit.DebuggerProtocol.Runs;
import org.xenolith.debug.kit.FunctionSteps;
import org.xenolith.history.api.Arrival;
import org.xenolith.history.api.Arrival.Why;
import org.xenolith.inspect.api.InspectedProcessor;
import org.xenolith.inspect.api.StopReport;

/** Moves through what was: requests {@code stepBack} and {@code reverseContinue}, and what goes forwards while the client is there. It is in the present again when that is reached. */
final class PastRequests {
  private final AdaptedMachine machine;
  private final ClientSession session;
  private final Runs runs;
  private final PlantedBreakpoints breakpoints;
  private final FunctionSteps steps;
  private final Runnable goes;
  private final Stops stops;

  /** Who tells the client that the machine stands. */
  interface Stops {
    void stopped(String reason, InspectedProcessor processor, String text);

    /** The same, at places of the client's. */
    void reached(List<StopReport> places);
  }

  /** @param goes told when what is looked at becomes another machine's */
  PastRequests(AdaptedMachine machine, ClientSession session, Runs runs, PlantedBreakpoints breakpoints, FunctionSteps steps, Runnable goes,
      Stops stops) {
    this.machine = machine;
    this.session = session;
    this.runs = runs;
    this.breakpoints = breakpoints;
    this.steps = steps;
    this.goes = goes;
    this.stops = stops;
  }

  void addTo(Map<String, DapRequest> requests) {
    DapRequest.add(requests, "stepBack", When.HALTED, StepBackArguments.class, arguments -> {
      step(machine.moved(arguments.getThreadId()), false);
      return null;
    });
    DapRequest.add(requests, "reverseContinue", When.HALTED, ReverseContinueArguments.class, arguments -> {
      run(false);
      return null;
    });
  }

  private DebuggedPast past() {
    return machine.past().orElseThrow(() -> new RequestRefused(
        "nothing is kept of this machine's past; launch it with " + OptionName.onCommandLine(OptionName.option("history"))));
  }

  /** Moves by an instruction. */
  void step(InspectedProcessor processor, boolean forwards) {
    move(processor, past -> past.step(forwards, processor.index()));
  }

  /** Moves to a breakpoint, or to where there are none any more. */
  void run(boolean forwards) {
    move(machine.processor(), past -> past.run(forwards, List.copyOf(breakpoints.places()), breakpoints::counts));
  }

  /** Moves forwards by an instruction, and what it calls. */
  void stepOver(InspectedProcessor processor) {
    move(processor, past -> steps.over(past, processor.index()));
  }

  /** Moves forwards until a processor comes back behind a call, or to a breakpoint before. @param call an address within that instruction */
  void out(InspectedProcessor processor, long call) {
    move(processor, past -> steps.out(past, processor.index(), call));
  }

  /** Moves once the request has been answered. */
  private void move(InspectedProcessor processor, Function<DebuggedPast, Arrival> how) {
    DebuggedPast past = past();
    session.later(() -> {
      goes.run();
      breakpoints.goes();
      try {
        runs.look(() -> moved(past, processor.index(), how));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    });
  }

  private String first(DebuggedPast past) {
    String why = OptionName.onCommandLine(past.history().beforeFirst());
    if (why.isEmpty()) {
      return "nothing is kept of what was before";
    }
    session.says(why);
    return why;
  }

  private void moved(DebuggedPast past, int cpu, Function<DebuggedPast, Arrival> how) {
    try {
      Arrival arrival = how.apply(past);
      if (arrival.why() == Why.PRESENT) {
        past.leave();
      }
      InspectedProcessor processor = machine.processor(cpu + 1);
      switch (arrival.why()) {
        case THERE -> stops.stopped(StoppedEventArgumentsReason.STEP, processor, "");
        case STOP -> stops.reached(arrival.reached());
        case FIRST -> stops.stopped(StoppedEventArgumentsReason.ENTRY, processor, first(past));
        case PRESENT -> stops.stopped(StoppedEventArgumentsReason.PAUSE, processor, "this is the present: the machine goes on from here");
        case CANCELLED -> stops.stopped(StoppedEventArgumentsReason.PAUSE, processor, "given up on the way");
      }
    } catch (BadInput e) {
      session.says(e.getMessage());
      stops.stopped(StoppedEventArgumentsReason.PAUSE, machine.processor(), e.getMessage());
    }
  }
}
