// SPDX-License-Identifier: EPL-2.0
package org.xenolith.history;

import java.util.List;
import java.util.OptionalLong;
import java.util.function.Predicate;
import org.xenolith.command.api.BadInput;
import org.xenolith.history.api.Arrival;
import org.xenolith.history.api.Arrival.Why;
import org.xenolith.history.api.PastMachine;
import org.xenolith.inspect.api.InspectedProcessor;
import org.xenolith.inspect.api.RegisterDescription;
import org.xenolith.inspect.api.StopPlace;
import org.xenolith.inspect.api.StopReport;
import org.xenolith.inspect.kit.CallPlaces;
import org.xenolith.inspect.kit.NamedMachine;

/** Moves of a machine of the past by calls of one CPU: over them, and out of them, forwards and backwards. */
final class CallMoves {
  /** More stack than one kernel's or program's thread has from a frame up to its callers: another thread is executed beyond it. */
  private static final long STACK = 1 << 16;

  private final PastMachine past;
  private final NamedMachine named;
  private final InspectedProcessor processor;
  /** Name of the register that points to the stack's end: it ends alike on every architecture. */
  private final String pointer;

  CallMoves(PastMachine past, NamedMachine named, int cpu) {
    this.past = past;
    this.named = named;
    processor = named.processor(cpu);
    pointer = processor.registers().stream().map(RegisterDescription::name).filter(each -> each.endsWith("SP")).findFirst().orElseThrow(
        () -> new BadInput("cpu" + cpu + " has no stack that is known"));
  }

  private long here() {
    return processor.place().address();
  }

  private long stack() {
    return processor.value(pointer)[0];
  }

  /** An address within the instruction that called the function that it executes. */
  private long caller() {
    long[] calls = processor.calls(2, address -> named.symbols().function(processor, address));
    if (calls.length < 2) {
      throw new BadInput("no caller of cpu" + processor.index() + " is known here; bt shows what is");
    }
    return calls[1];
  }

  /** Whether it is this CPU, in a frame from the stack's end there on. */
  private Predicate<StopReport> frame(long least, long more) {
    return report -> report.processor().orElse(-1) == processor.index() && Long.compareUnsigned(stack() - least, more) < 0;
  }

  /** Forwards to behind the call of the function that it executes. */
  Arrival finish() {
    long call = caller();
    return past.forwards(CallPlaces.behind(call), frame(stack(), STACK));
  }

  /** Backwards to the call of the function that it executes. */
  Arrival backFinish() {
    long call = caller();
    return past.backwards(CallPlaces.around(call), frame(stack(), STACK));
  }

  /** Forwards by an instruction; by all that it calls, if it is a call. */
  Arrival next() {
    long before = here();
    long stack = stack();
    Arrival arrival = past.step(processor.index(), 1);
    OptionalLong call = arrival.why() == Why.THERE ? CallPlaces.called(processor, before) : OptionalLong.empty();
    return call.isPresent() ? past.forwards(CallPlaces.behind(call.getAsLong()), frame(stack, STACK)) : arrival;
  }

  /** Backwards by an instruction; to before the call, if that is a return. */
  Arrival backNext() {
    long behind = here();
    long stack = stack();
    Arrival arrival = past.step(processor.index(), -1);
    boolean returned = arrival.why() == Why.THERE && processor.disassemble(here(), 1).stream().anyMatch(each -> each.text().startsWith(
        "ret"));
    return returned ? past.backwards(CallPlaces.around(behind - 1), frame(stack, 1)) : arrival;
  }
}
