// SPDX-License-Identifier: EPL-2.0
package org.xenolith.gdb;

import java.util.List;
import java.util.Optional;
import org.xenolith.inspect.api.InspectedMachine;
import org.xenolith.inspect.api.InspectedMemory;
import org.xenolith.inspect.api.InspectedProcessor;
import org.xenolith.machine.control.Machine;

/** A machine as one debugger has it: processors are threads, numbered from 1. To be used while it is halted. */
final class DebuggedMachine {
  private final Machine machine;
  private final InspectedMachine inspected;
  private final RegisterFile registers;
  private final MachineBreakpoints breakpoints;
  /** Index of the processor that registers and memory are asked of. */
  private int chosen;
  private boolean physical;

  DebuggedMachine(Machine machine, InspectedMachine inspected, Runnable halt) {
    this.machine = machine;
    this.inspected = inspected;
    registers = new RegisterFile(inspected.processors().getFirst());
    breakpoints = new MachineBreakpoints(inspected.stops(), halt);
  }

  Machine machine() {
    return machine;
  }

  InspectedMachine inspected() {
    return inspected;
  }

  RegisterFile registers() {
    return registers;
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
