// SPDX-License-Identifier: EPL-2.0
package org.xenolith.dap;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Predicate;
import org.xenolith.debug.kit.DebuggedPast;
import org.xenolith.debug.kit.StopsWanted;
import org.xenolith.history.api.PastMachine;
import org.xenolith.inspect.api.GuestProcessor;
import org.xenolith.inspect.api.InspectedMachine;
import org.xenolith.inspect.api.InspectedProcessor;
import org.xenolith.inspect.api.ProcessorPlace;
import org.xenolith.inspect.api.StopReport;
import org.xenolith.inspect.kit.NamedMachine;
import org.xenolith.inspect.symbols.MachineSymbols;
import org.xenolith.inspect.symbols.Symbol;
import org.xenolith.inspect.symbols.SymbolFinder;
import org.xenolith.machine.control.Machine;

/** A machine as one client has it: processors are threads, numbered from 1. To be used while it is halted. */
final class AdaptedMachine {
  private final Machine machine;
  private final InspectedMachine inspected;
  private final Optional<SymbolFinder> finder;
  private final Optional<DebuggedPast> past;
  private final StopsWanted stops;
  /** Whether a place that was reached is meant. */
  private Predicate<StopReport> counts = report -> true;
  /** Names, and of which view they are. */
  private Optional<MachineSymbols> symbols;
  private InspectedMachine named;
  /** Index of the processor that is meant where a request names none. */
  private int chosen;
  /** The thread that was moved last; 0 before. */
  private int moves;

  /**
   * One that is debugged from now on.
   *
   * @param finder finds names; empty if nobody does
   * @param past   what was; empty if it isn't kept
   * @param halt   halts it, on its thread
   */
  AdaptedMachine(Machine machine, InspectedMachine inspected, Optional<SymbolFinder> finder, Optional<DebuggedPast> past, Runnable halt) {
    this.machine = machine;
    this.inspected = inspected;
    this.finder = finder;
    this.past = past;
    named = inspected;
    symbols = finder.map(each -> each.of(inspected));
    stops = new StopsWanted(inspected.stops(), halt, report -> counts.test(report));
  }

  /** The machine that is looked at: the present one, or the one that stands in its past. */
  Machine machine() {
    return past.flatMap(DebuggedPast::machine).map(PastMachine::machine).orElse(machine);
  }

  InspectedMachine inspected() {
    return past.flatMap(DebuggedPast::view).orElse(inspected);
  }

  /** What was; empty if it isn't kept. */
  Optional<DebuggedPast> past() {
    return past;
  }

  /** Whether the client looks at what was. */
  boolean inPast() {
    return past.isPresent() && past.get().view().isPresent();
  }

  /** What was stays as it was. @throws RequestRefused in the past */
  void checkWritable() {
    if (inPast()) {
      throw new RequestRefused("this is the past, which can't be written to; continue leads to the present");
    }
  }

  /** Says which places that are reached are meant. @param meant asked on the machine's thread, which may be looked into if the place is an address */
  void counts(Predicate<StopReport> meant) {
    counts = meant;
  }

  /** Names of code and data; empty if nobody finds them. */
  Optional<MachineSymbols> symbols() {
    InspectedMachine now = inspected();
    if (now != named) {
      named = now;
      symbols = finder.map(each -> each.of(now));
    }
    return symbols;
  }

  /** The machine with its names, for conditions. @throws RequestRefused if nobody finds names */
  NamedMachine withNames() {
    return new NamedMachine(machine(), inspected(), symbols().orElseThrow(() -> new RequestRefused(
        "no bundle is installed that finds names, which conditions need")));
  }

  StopsWanted stops() {
    return stops;
  }

  List<InspectedProcessor> processors() {
    return inspected().processors();
  }

  /** The processor that is meant where a request names none: the one that stopped, or was asked for its calls last. */
  InspectedProcessor processor() {
    return inspected().processor(chosen).or(() -> processors().stream().findFirst()).orElseThrow(() -> new RequestRefused(
        "no processor can be looked into: no bundle is installed that looks into such ones"));
  }

  /** The processor that a thread is, or that has the registers of a domain's virtual one. */
  InspectedProcessor processor(int thread) {
    if (DomainThreads.is(thread)) {
      GuestProcessor virtual = DomainThreads.find(inspected(), thread).orElseThrow(() -> new RequestRefused("there is no thread " + thread
          + ": its domain is gone"));
      return inspected().processor(virtual.on().orElseThrow(() -> new RequestRefused("no CPU has the registers of " + virtual.guest()
          + "'s virtual CPU " + virtual.number() + " now: it is " + virtual.state()))).orElseThrow();
    }
    return inspected().processor(thread - 1).orElseThrow(() -> new RequestRefused("there is no thread " + thread
        + "; CPUs are threads 1 to "
        + processors().size()));
  }

  void choose(InspectedProcessor processor) {
    chosen = processor.index();
  }

  /** The same, for a client that is told of this thread when the processor has moved. */
  InspectedProcessor moved(int thread) {
    InspectedProcessor processor = processor(thread);
    moves = thread;
    return processor;
  }

  /** The thread by which the client knows a processor that has stopped: a domain's, if it was that which it moved and is executed there still. */
  int shown(InspectedProcessor processor) {
    boolean still = DomainThreads.is(moves) && DomainThreads.find(inspected(), moves).filter(each -> each.on().equals(OptionalInt.of(
        processor.index()))).isPresent();
    return still ? moves : thread(processor);
  }

  /** The thread that a processor is. */
  static int thread(InspectedProcessor processor) {
    return processor.index() + 1;
  }

  /** For people: which processor a thread is, and whose code it executes. */
  String name(InspectedProcessor processor) {
    ProcessorPlace place = processor.place();
    String guest = inspected().guest(place);
    return "CPU " + processor.index() + ": " + (guest.isEmpty() ? "" : guest + ", ") + place.level();
  }

  /** The symbol that an address is within. */
  Optional<Symbol> symbol(InspectedProcessor processor, long address) {
    return symbols().flatMap(each -> each.at(processor, address));
  }

  /** The first symbol of a name; empty if there is none. */
  Optional<Symbol> named(String name) {
    return symbols().flatMap(each -> each.named(processor(), name).stream().findFirst());
  }

  /** Where the function that an address is within begins; -1 if nobody knows. */
  long function(InspectedProcessor processor, long address) {
    return symbols().isEmpty() ? -1 : symbols().get().function(processor, address);
  }

  /** The chain of calls that led to where a processor is. @param most frames at most */
  long[] calls(InspectedProcessor processor, int most) {
    return processor.calls(most, address -> function(processor, address));
  }

  /** An address for people: its symbol, or its digits. */
  String text(InspectedProcessor processor, long address) {
    return symbol(processor, address).map(each -> each.text(address)).orElseGet(() -> "0x%x".formatted(address));
  }
}
