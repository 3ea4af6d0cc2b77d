// SPDX-License-Identifier: EPL-2.0
package org.xenolith.history;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.xenolith.command.api.BadInput;
import org.xenolith.history.api.Arrival;
import org.xenolith.history.api.Arrival.Why;
import org.xenolith.history.api.PastMachine;
import org.xenolith.inspect.api.InspectedProcessor;
import org.xenolith.inspect.api.RegisterDescription;
import org.xenolith.inspect.api.StopPlace;
import org.xenolith.inspect.api.StopReport;
import org.xenolith.inspect.kit.NamedMachine;

/** Moves of a machine of the past by calls of one CPU: over them, and out of them, forwards and backwards. */
final class CallMoves {
  /** Bytes of the longest instruction (Intel SDM volume 2A, section 2.3.11). */
  private static final int LONGEST = 15;
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

  private static List<StopPlace> places(long first, long last) {
    List<StopPlace> all = new ArrayList<>();
    for (long address = first; address - last <= 0; address++) {
      all.add(new StopPlace.Instruction(address));
    }
    return all;
  }

  /** Whether it is this CPU, in a frame from the stack's end there on. */
  private Predicate<StopReport> frame(long least, long more) {
    return report -> report.processor().orElse(-1) == processor.index() && Long.compareUnsigned(stack() - least, more) < 0;
  }

  /** Forwards to behind the call of the function that it executes. */
  Arrival finish() {
    long call = caller();
    // Where the instruction that called ends isn't known, but that what follows is executed at its first byte.
    return past.forwards(places(call + 1, call + LONGEST), frame(stack(), STACK));
  }

  /** Backwards to the call of the function that it executes. */
  Arrival backFinish() {
    long call = caller();
    return past.backwards(places(call - LONGEST + 1, call), frame(stack(), STACK));
  }

  /** Forwards by an instruction; by all that it calls, if it is a call. */
  Arrival next() {
    long before = here();
    long stack = stack();
    Arrival arrival = past.step(processor.index(), 1);
    long[] calls = arrival.why() == Why.THERE ? processor.calls(2, address -> address) : new long[0];
    boolean called = calls.length > 1 && here() != before && Long.compareUnsigned(calls[1] - before, LONGEST) < 0;
    return called ? past.forwards(places(calls[1] + 1, calls[1] + LONGEST), frame(stack, STACK)) : arrival;
  }

  /** Backwards by an instruction; to before the call, if that is a return. */
  Arrival backNext() {
    long behind = here();
    long stack = stack();
    Arrival arrival = past.step(processor.index(), -1);
    boolean returned = arrival.why() == Why.THERE && processor.disassemble(here(), 1).stream().anyMatch(each -> each.text().startsWith(
        "ret"));
    return returned ? past.backwards(places(behind - LONGEST, behind - 1), frame(stack, 1)) : arrival;
  }
}
