// SPDX-License-Identifier: EPL-2.0
package org.xenolith.debug.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.xenolith.history.api.Arrival;
import org.xenolith.history.api.Arrival.Why;
import org.xenolith.history.api.MachineHistory;
import org.xenolith.history.api.PastMachine;
import org.xenolith.inspect.api.InspectedMachine;
import org.xenolith.inspect.api.InspectedProcessor;
import org.xenolith.inspect.api.Privilege;
import org.xenolith.inspect.api.ProcessorPlace;
import org.xenolith.inspect.api.StopPlace;
import org.xenolith.inspect.api.StopReport;

class FunctionStepsTest {
  private static final long CALL = 0x1000;
  private static final long FUNCTION = 0x8000;
  private static final StopPlace BREAKPOINT = new StopPlace.Instruction(0x9000);
  private static final StopPlace BACK = new StopPlace.Instruction(CALL + 4);
  private static final int CPU = 1;
  private static final int OTHER = 0;
  private static final Arrival THERE = new Arrival(Why.THERE, List.of());

  private long here = CALL;
  private long caller = FUNCTION;
  private final List<StopReport> asked = new ArrayList<>();
  private boolean meant;
  private final FunctionSteps steps = new FunctionSteps(this::processor, () -> List.of(BREAKPOINT), report -> {
    asked.add(report);
    return meant;
  });

  /** One that is {@link #here}, and was called at {@link #caller}. */
  private InspectedProcessor processor(int index) {
    return stub(InspectedProcessor.class, (name, arguments) -> switch (name) {
      case "index" -> index;
      case "place" -> new ProcessorPlace(here, Privilege.KERNEL, "EL1", "", 0, 0);
      case "calls" -> new long[] {here, caller};
      default -> throw new AssertionError(name);
    });
  }

  private interface Answer {
    Object to(String name, Object[] arguments);
  }

  private static <T> T stub(Class<T> type, Answer answer) {
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (stub, method, arguments) -> answer.to(method
        .getName(), arguments)));
  }

  private static StopReport at(StopPlace place, int cpu) {
    return new StopReport(place, OptionalInt.of(cpu), 0, false, "");
  }

  @Test
  void aStepOverAFunctionStopsWhereThisComesBack() {
    steps.beginOver(CPU);
    here = FUNCTION;
    caller = CALL + 3;
    assertTrue(steps.called(CPU));
    assertTrue(steps.places().containsAll(List.of(BREAKPOINT, BACK)), () -> "" + steps.places());
    assertTrue(steps.counts(at(BACK, CPU)));
    assertFalse(steps.counts(at(BACK, OTHER)), "another CPU comes by");
    assertTrue(steps.end());
    assertEquals(List.of(BREAKPOINT), steps.places());
    assertFalse(steps.counts(at(BACK, CPU)));
    assertFalse(steps.end());
  }

  @Test
  void anInstructionThatCallsNothingIsAllOfAStep() {
    steps.beginOver(CPU);
    here = CALL + 4;
    assertFalse(steps.called(CPU));
    steps.beginOver(CPU);
    steps.beginInto();
    here = FUNCTION;
    caller = CALL + 7;
    assertFalse(steps.called(CPU), "a step into functions");
  }

  /** A breakpoint behind a call that is another CPU's, or counts how often it was reached, is asked wherever the step leads. */
  @Test
  void breakpointsAreAskedOfWhatStepsReach() {
    steps.returnTo(CPU, CALL + 3);
    steps.counts(at(BACK, CPU));
    assertEquals(List.of(at(BACK, CPU)), asked);
    meant = true;
    assertTrue(steps.counts(at(BACK, OTHER)), "it is at a breakpoint there");
  }

  /** The past: what a step does there, and who comes to a place then, one after the other. */
  private DebuggedPast past(Runnable step, StopReport... come) {
    PastMachine machine = stub(PastMachine.class, (name, arguments) -> switch (name) {
      case "step" -> {
        step.run();
        yield THERE;
      }
      case "forwards" -> {
        assertTrue(((List<?>) arguments[0]).containsAll(List.of(BREAKPOINT, BACK)), () -> "" + arguments[0]);
        @SuppressWarnings("unchecked") Predicate<StopReport> counts = (Predicate<StopReport>) arguments[1];
        yield new Arrival(Why.STOP, List.of(come).stream().filter(counts).limit(1).toList());
      }
      case "machine" -> null;
      default -> throw new AssertionError(name);
    });
    return new DebuggedPast(stub(MachineHistory.class, (name, arguments) -> name.equals("at") ? machine : null), ignored -> stub(
        InspectedMachine.class, (name, arguments) -> null));
  }

  private DebuggedPast past(StopReport... come) {
    return past(() -> {}, come);
  }

  @Test
  void inThePastOthersPassByOnTheWayBack() {
    assertEquals(List.of(at(BACK, CPU)), steps.out(past(at(BACK, OTHER), at(BACK, CPU)), CPU, CALL + 3).reached());
    meant = true;
    assertEquals(List.of(at(BREAKPOINT, OTHER)), steps.out(past(at(BREAKPOINT, OTHER), at(BACK, CPU)), CPU, CALL + 3).reached(),
        "another CPU's breakpoint on the way");
  }

  @Test
  void inThePastAStepGoesOverAFunction() {
    assertEquals(THERE, steps.over(past(() -> here = CALL + 4), CPU), "nothing is called");
    here = CALL;
    assertEquals(List.of(at(BACK, CPU)), steps.over(past(() -> {
      here = FUNCTION;
      caller = CALL + 3;
    }, at(BACK, CPU)), CPU).reached());
  }
}
