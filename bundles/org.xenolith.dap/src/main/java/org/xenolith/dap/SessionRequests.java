// SPDX-License-Identifier: EPL-2.0
package org.xenolith.dap;

import java.util.Map;
import org.eclipse.lsp4j.debug.Capabilities;
import org.eclipse.lsp4j.debug.DisconnectArguments;
import org.xenolith.dap.DapRequest.When;
import org.xenolith.debug.kit.DebuggerProtocol.Runs;

/** Requests with which a client comes and goes: {@code initialize attach launch configurationDone disconnect terminate}. */
final class SessionRequests {
  private final ClientSession session;
  private final RunRequests run;
  private final Runs runs;
  private boolean stopsOnEntry;
  private boolean attached;
  private final boolean goesBack;

  /** @param goesBack whether the machine's past is kept */
  SessionRequests(ClientSession session, RunRequests run, Runs runs, boolean goesBack) {
    this.goesBack = goesBack;
    this.session = session;
    this.run = run;
    this.runs = runs;
  }

  void addTo(Map<String, DapRequest> requests) {
    DapRequest.add(requests, "initialize", When.ANY_TIME, Object.class, arguments -> initialize());
    DapRequest.add(requests, "attach", When.HALTED, Map.class, this::attach);
    DapRequest.add(requests, "launch", When.HALTED, Map.class, this::attach);
    DapRequest.add(requests, "configurationDone", When.HALTED, Object.class, arguments -> configured());
    DapRequest.add(requests, "disconnect", When.ANY_TIME, DisconnectArguments.class, this::disconnect);
    DapRequest.add(requests, "terminate", When.ANY_TIME, Object.class, arguments -> {
      session.later(runs::kill);
      return null;
    });
  }

  private Object initialize() {
    Capabilities can = new Capabilities();
    can.setSupportsConfigurationDoneRequest(true);
    can.setSupportsTerminateRequest(true);
    can.setSupportTerminateDebuggee(true);
    can.setSupportsSteppingGranularity(true);
    can.setSupportsSetVariable(true);
    can.setSupportsReadMemoryRequest(true);
    can.setSupportsWriteMemoryRequest(true);
    can.setSupportsDisassembleRequest(true);
    can.setSupportsInstructionBreakpoints(true);
    can.setSupportsFunctionBreakpoints(true);
    can.setSupportsDataBreakpoints(true);
    can.setSupportsDataBreakpointBytes(true);
    can.setSupportsConditionalBreakpoints(true);
    can.setSupportsHitConditionalBreakpoints(true);
    can.setSupportsStepBack(goesBack);
    can.setSupportsEvaluateForHovers(true);
    can.setExceptionBreakpointFilters(BreakpointRequests.filters());
    can.setSupportsExceptionFilterOptions(true);
    session.later(() -> session.event("initialized", null));
    return can;
  }

  /** Launching is attaching: whoever has the machine has launched it. */
  private Object attach(Map<?, ?> arguments) {
    Object entry = arguments == null ? null : arguments.get("stopOnEntry");
    stopsOnEntry = entry instanceof Boolean said ? said : run.isAtEntry();
    attached = true;
    return null;
  }

  private Object configured() {
    if (!attached) {
      throw new RequestRefused("'attach' or 'launch' comes before 'configurationDone'");
    }
    session.later(() -> run.begin(stopsOnEntry));
    return null;
  }

  private Object disconnect(DisconnectArguments arguments) {
    boolean ends = arguments != null && Boolean.TRUE.equals(arguments.getTerminateDebuggee());
    session.later(ends ? runs::kill : runs::detach);
    return null;
  }
}
