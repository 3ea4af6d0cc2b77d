// SPDX-License-Identifier: EPL-2.0
package org.xenolith.dap;

import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.eclipse.lsp4j.debug.ContinueArguments;
import org.eclipse.lsp4j.debug.ContinueResponse;
import org.eclipse.lsp4j.debug.StepInArguments;
import org.eclipse.lsp4j.debug.StoppedEventArguments;
import org.eclipse.lsp4j.debug.StoppedEventArgumentsReason;
import org.xenolith.dap.DapRequest.When;
import org.xenolith.debug.kit.DebuggerProtocol.Runs;
import org.xenolith.inspect.api.InspectedProcessor;
import org.xenolith.inspect.api.StopReport;

/** Requests that let the machine go on and halt it: {@code continue pause stepIn}; and what the client is told when it has halted. */
final class RunRequests {
  private final AdaptedMachine machine;
  private final ClientSession session;
  private final Runs runs;
  private boolean running;
  private boolean paused;
  /** The processor that executes one instruction; empty if the machine goes on until something stops it. */
  private OptionalInt stepped = OptionalInt.empty();

  RunRequests(AdaptedMachine machine, ClientSession session, Runs runs) {
    this.machine = machine;
    this.session = session;
    this.runs = runs;
  }

  void addTo(Map<String, DapRequest> requests) {
    DapRequest.add(requests, "continue", When.HALTED, ContinueArguments.class, arguments -> goOn());
    DapRequest.add(requests, "stepIn", When.HALTED, StepInArguments.class, arguments -> step(arguments.getThreadId()));
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
    try {
      runs.look(what);
    } finally {
      runs.look(() -> {
        if (paused) {
          halted();
        } else {
          againUnlessReached();
        }
      });
    }
  }

  private void againUnlessReached() {
    List<StopReport> reached = machine.stops().reached();
    if (reached.isEmpty()) {
      go();
    } else {
      reached(reached);
    }
  }

  private Object goOn() {
    stepped = OptionalInt.empty();
    session.later(this::go);
    ContinueResponse response = new ContinueResponse();
    response.setAllThreadsContinued(true);
    return response;
  }

  private Object step(int thread) {
    InspectedProcessor processor = machine.processor(thread);
    stepped = OptionalInt.of(processor.index());
    session.later(this::go);
    return null;
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
      tell(StoppedEventArgumentsReason.STEP, machine.processor(stepped.getAsInt() + 1), "");
    } else {
      tell(StoppedEventArgumentsReason.PAUSE, machine.processor(), "");
    }
  }

  private void reached(List<StopReport> reached) {
    StopReport first = reached.getFirst();
    InspectedProcessor processor = first.processor().isPresent() ? machine.processor(first.processor().getAsInt() + 1) : machine
        .processor();
    tell(StoppedEventArgumentsReason.BREAKPOINT, processor, first.text());
  }

  private void tell(String reason, InspectedProcessor processor, String text) {
    running = false;
    paused = false;
    stepped = OptionalInt.empty();
    machine.choose(processor);
    StoppedEventArguments stopped = new StoppedEventArguments();
    stopped.setReason(reason);
    stopped.setThreadId(AdaptedMachine.thread(processor));
    stopped.setAllThreadsStopped(true);
    if (!text.isEmpty()) {
      stopped.setText(text);
    }
    session.event("stopped", stopped);
  }
}
