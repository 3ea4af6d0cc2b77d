// SPDX-License-Identifier: EPL-2.0
package org.xenolith.debug.kit;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.xenolith.history.api.Arrival;
import org.xenolith.history.api.Arrival.Why;
import org.xenolith.inspect.api.InspectedProcessor;
import org.xenolith.inspect.api.StopPlace;
import org.xenolith.inspect.api.StopReport;
import org.xenolith.inspect.kit.CallPlaces;

/**
 * Steps of a debugger that go over calls and out of functions, now and in the past: where the machine stops for them besides at the breakpoints, and who is meant that comes there. To be
 * used while the machine is halted, but for {@link #counts}.
 */
public final class FunctionSteps {
  private final IntFunction<InspectedProcessor> processors;
  private final Supplier<? extends Collection<StopPlace>> breakpoints;
  private final Predicate<StopReport> meant;
  /** Where a step began that goes over calls. */
  private OptionalLong begun = OptionalLong.empty();
  /** Who is to come back from a function, and where. */
  private OptionalInt returning = OptionalInt.empty();
  private List<StopPlace> returns = List.of();

  /**
   * Those of one debugger.
   *
   * @param processors  by index, of the machine that is looked at
   * @param breakpoints where they are
   * @param meant       whether what was reached is a breakpoint for which the machine is to stand; it is asked of everything that is reached, as it may count
   */
  public FunctionSteps(IntFunction<InspectedProcessor> processors, Supplier<? extends Collection<StopPlace>> breakpoints, Predicate<
      StopReport> meant) {
    this.processors = processors;
    this.breakpoints = breakpoints;
    this.meant = meant;
  }

  /** A processor is about to execute one instruction, and, if that calls a function, this to its end. */
  public void beginOver(int cpu) {
    begun = OptionalLong.of(processors.apply(cpu).place().address());
  }

  /** A step is about to begin that goes over nothing, or none. */
  public void beginInto() {
    begun = OptionalLong.empty();
  }

  /**
   * Whether a processor that was to step over calls has called one with the instruction that it has executed since: then it is to come back from there first, and {@link #places} are others.
   */
  public boolean called(int cpu) {
    OptionalLong call = begun.isPresent() ? CallPlaces.called(processors.apply(cpu), begun.getAsLong()) : OptionalLong.empty();
    begun = OptionalLong.empty();
    call.ifPresent(each -> returnTo(cpu, each));
    return call.isPresent();
  }

  /** A processor is to come back behind a call: {@link #places} are others. @param call an address within that instruction */
  public void returnTo(int cpu, long call) {
    begun = OptionalLong.empty();
    returning = OptionalInt.of(cpu);
    returns = CallPlaces.behind(call);
  }

  /** Who is to come back from a function; empty if nobody is. */
  public OptionalInt returning() {
    return returning;
  }

  /** Whether it is that. */
  public boolean isBack(StopReport report) {
    return isBack(report, returning, returns);
  }

  private static boolean isBack(StopReport report, OptionalInt cpu, List<StopPlace> places) {
    return cpu.isPresent() && report.processor().equals(cpu) && places.contains(report.place());
  }

  /** Whether the machine is to stand, of which something was reached: for a breakpoint, or as a function has returned. Asked on the machine's thread. */
  public boolean counts(StopReport report) {
    boolean breakpoint = meant.test(report);
    return breakpoint || isBack(report);
  }

  /** Where the machine stops: at the breakpoints, and where somebody is to come back. */
  public List<StopPlace> places() {
    return with(returns);
  }

  private List<StopPlace> with(List<StopPlace> others) {
    List<StopPlace> all = new ArrayList<>(breakpoints.get());
    all.addAll(others);
    return all;
  }

  /** Nobody is to come back any more. Returns whether somebody was, so that {@link #places} are others. */
  public boolean end() {
    boolean was = returning.isPresent();
    begun = OptionalLong.empty();
    returning = OptionalInt.empty();
    returns = List.of();
    return was;
  }

  /** Goes on in the past by an instruction of a processor and, if that calls a function, to that one's end, or to a breakpoint before. @throws org.xenolith.command.api.BadInput if that can't be */
  public Arrival over(DebuggedPast past, int cpu) {
    long before = processors.apply(cpu).place().address();
    Arrival arrival = past.step(true, cpu);
    OptionalLong call = arrival.why() == Why.THERE ? CallPlaces.called(processors.apply(cpu), before) : OptionalLong.empty();
    return call.isPresent() ? out(past, cpu, call.getAsLong()) : arrival;
  }

  /**
   * Goes on in the past until a processor comes back behind a call, or to a breakpoint before.
   *
   * @param call an address within that instruction
   * @throws org.xenolith.command.api.BadInput if that can't be
   */
  public Arrival out(DebuggedPast past, int cpu, long call) {
    List<StopPlace> back = CallPlaces.behind(call);
    return past.run(true, with(back), report -> {
      boolean breakpoint = meant.test(report);
      return breakpoint || isBack(report, OptionalInt.of(cpu), back);
    });
  }
}
