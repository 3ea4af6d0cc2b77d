// SPDX-License-Identifier: EPL-2.0
package org.xenolith.gdb;

import java.util.List;
import java.util.Optional;
import org.xenolith.inspect.api.InspectedMachine;
import org.xenolith.inspect.api.InspectedMemory;
import org.xenolith.inspect.api.InspectedProcessor;
import org.xenolith.inspect.symbols.MachineSymbols;
import org.xenolith.inspect.symbols.SymbolFinder;
import org.xenolith.machine.control.Machine;

/** A machine as one debugger has it: processors are threads, numbered from 1. To be used while it is halted. */
final class DebuggedMachine {
  private final Machine machine;
  private final InspectedMachine inspected;
  private final NumberedRegisters registers;
  private final MachineBreakpoints breakpoints;
  private final Optional<MachineSymbols> symbols;
  /** Index of the processor that registers and memory are asked of. */
  private int chosen;
  private boolean physical;

  /**
   * One that is debugged from now on.
   *
   * @param finder finds names; empty if nobody does
   * @param halt   halts it, on its thread
   */
  DebuggedMachine(Machine machine, InspectedMachine inspected, Optional<SymbolFinder> finder, Runnable halt) {
    this.machine = machine;
    this.inspected = inspected;
    symbols = finder.map(each -> each.of(inspected));
    registers = new NumberedRegisters(inspected.processors().getFirst());
    breakpoints = new MachineBreakpoints(inspected.stops(), halt);
  }

  Machine machine() {
    return machine;
  }

  InspectedMachine inspected() {
    return inspected;
  }

  NumberedRegisters registers() {
    return registers;
  }

  /** Names of code and data; empty if nobody finds them. */
  Optional<MachineSymbols> symbols() {
    return symbols;
  }

  MachineBreakpoints breakpoints() {
    return breakpoints;
  }

  List<InspectedProcessor> processors() {
    return inspected.processors();
  }

  /** The processor that registers and memory are asked of. */
  InspectedProcessor processor() {
    return inspected.processor(chosen).orElseGet(inspected.processors()::getFirst);
  }

  /** The processor that a thread is; empty if there is none. @param thread as packets have it */
  Optional<InspectedProcessor> processor(String thread) {
    if (thread.equals("0") || thread.equals("-1")) {
      return Optional.of(processor());
    }
    return inspected.processor(Reply.small(thread) - 1);
  }

  /** Has registers and memory asked of a processor from now on. */
  void choose(InspectedProcessor processor) {
    chosen = processor.index();
  }

  /** The thread that a processor is. */
  static String thread(InspectedProcessor processor) {
    return Integer.toHexString(processor.index() + 1);
  }

  /** Whether addresses of memory are physical ones. */
  boolean physical() {
    return physical;
  }

  void physical(boolean on) {
    physical = on;
  }

  /** The memory that addresses are of: that of the code that the processor executes now, or the machine's. */
  InspectedMemory memory() {
    return physical ? inspected.physical() : processor().memory();
  }
}
