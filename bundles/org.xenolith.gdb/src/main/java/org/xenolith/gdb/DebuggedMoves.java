// SPDX-License-Identifier: EPL-2.0
package org.xenolith.gdb;

import org.xenolith.debug.kit.DebuggedPast;
import org.xenolith.history.api.Arrival;
import org.xenolith.history.api.Arrival.Why;
import org.xenolith.inspect.api.InspectedProcessor;
import org.xenolith.inspect.api.StopPlace;
import org.xenolith.inspect.api.StopReport;

/** Moves through the past as a debugger asks for them. */
final class DebuggedMoves {
  private DebuggedMoves() {}

  /** Moves, and comes back to the present when that is reached. */
  static Arrival move(DebuggedPast past, DebuggedMachine machine, ResumeRequest request, boolean forwards) {
    Arrival arrival = request.step().isPresent() ? steps(past, machine, request, forwards) : run(past, machine.breakpoints(), forwards);
    if (arrival.why() == Why.PRESENT) {
      past.leave();
    } else if (!forwards && arrival.why() == Why.STOP && !stepsOver(machine, arrival.reached().getFirst())) {
      past.undo(arrival.reached().getFirst().processor());
    }
    return arrival;
  }

  private static Arrival run(DebuggedPast past, MachineBreakpoints breakpoints, boolean forwards) {
    return past.run(forwards, breakpoints.places(), report -> breakpoints.counts(past.view().orElseThrow(), report));
  }

  private static Arrival steps(DebuggedPast past, DebuggedMachine machine, ResumeRequest request, boolean forwards) {
    int cpu = request.step().getAsInt();
    Arrival arrival;
    do {
      arrival = past.step(forwards, cpu);
    } while (arrival.why() == Why.THERE && request.goesOn(machine.inspected().processor(cpu).orElseThrow().place().address()));
    return arrival;
  }

  /**
   * Whether a debugger steps over the access by itself: it takes the processor for one that stops before it, and so steps once more, backwards here. The value that was there before is there only
   * then, and a debugger that sees the same one as before goes on.
   */
  private static boolean stepsOver(DebuggedMachine machine, StopReport report) {
    return !(report.place() instanceof StopPlace.Access) || machine.processors().stream().anyMatch(
        InspectedProcessor::debuggersStepOverAccesses);
  }
}
