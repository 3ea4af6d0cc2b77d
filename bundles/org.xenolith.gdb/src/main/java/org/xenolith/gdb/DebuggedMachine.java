// SPDX-License-Identifier: EPL-2.0
package org.xenolith.gdb;

import java.util.List;
import java.util.Optional;
import org.xenolith.debug.kit.DebuggedPast;
import org.xenolith.history.api.PastMachine;
import org.xenolith.inspect.api.InspectedMachine;
import org.xenolith.inspect.api.InspectedMemory;
import org.xenolith.inspect.api.InspectedProcessor;
import org.xenolith.inspect.symbols.GuestKernel;
import org.xenolith.inspect.symbols.MachineSymbols;
import org.xenolith.inspect.symbols.SymbolFinder;
import org.xenolith.machine.control.Machine;

/** A machine as one debugger has it: processors are threads, numbered from 1. To be used while it is halted. */
final class DebuggedMachine {
  private final Machine machine;
  private final InspectedMachine inspected;
  private final NumberedRegisters registers;
  private final MachineBreakpoints breakpoints;
  private final Inferiors inferiors;
  private final KernelMove kernelMove;
  private final Optional<SymbolFinder> finder;
  private final Optional<DebuggedPast> past;
  /** Names, and of which view they are. */
  private Optional<MachineSymbols> symbols;
  private InspectedMachine named;
  /** Index of the processor that registers and memory are asked of. */
  private int chosen;
  private boolean physical;

  /**
   * One that is debugged from now on.
   *
   * @param finder finds names; empty if nobody does
   * @param past   what was; empty if it isn't kept
   * @param halt   halts it, on its thread
   */
  DebuggedMachine(Machine machine, InspectedMachine inspected, Optional<SymbolFinder> finder, Optional<DebuggedPast> past, Runnable halt) {
    this.machine = machine;
    this.inspected = inspected;
    this.finder = finder;
    this.past = past;
    named = inspected;
    symbols = finder.map(each -> each.of(inspected));
    registers = new NumberedRegisters(inspected.processors().getFirst());
    breakpoints = new MachineBreakpoints(inspected, halt);
    inferiors = new Inferiors(this);
    kernelMove = new KernelMove(watcher -> machine.watch(watcher), watcher -> machine.forget(watcher), this::where, this::kernel, halt);
  }

  /** The machine that is looked into: the present one, or the one that stands in its past. */
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

  /** Whether the debugger looks at what was. */
  boolean inPast() {
    return past.isPresent() && past.get().view().isPresent();
  }

  NumberedRegisters registers() {
    return registers;
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

  /** What threads are called. */
  Inferiors inferiors() {
    return inferiors;
  }

  MachineBreakpoints breakpoints() {
    return breakpoints;
  }

  /** Waits for a kernel to run where it stays. */
  KernelMove kernelMove() {
    return kernelMove;
  }

  private long where(int processor) {
    return inspected.processor(processor).orElseThrow().place().address();
  }

  private Optional<GuestKernel> kernel(int processor) {
    return symbols().flatMap(each -> each.kernel(inspected.processor(processor).orElseThrow()));
  }

  List<InspectedProcessor> processors() {
    return inspected().processors();
  }

  /** The processor that registers and memory are asked of. */
  InspectedProcessor processor() {
    return inspected().processor(chosen).orElseGet(processors()::getFirst);
  }

  /** Has registers and memory asked of a processor from now on. */
  void choose(InspectedProcessor processor) {
    chosen = processor.index();
  }

  /** Whether addresses of memory are physical ones. */
  boolean physical() {
    return physical;
  }

  void physical(boolean on) {
    physical = on;
  }

  /**
   * The memory that addresses are of: that of the code that the processor executes now, or the machine's.
   *
   * @throws IllegalStateException if a domain's is meant, and the processor executes nothing of it
   */
  InspectedMemory memory() {
    if (!inferiors.executes(processor(), inferiors.chosen())) {
      throw new IllegalStateException("no processor executes code of " + Inferiors.guest(inferiors.chosen()));
    }
    return physical ? inspected().physical() : processor().memory();
  }
}
