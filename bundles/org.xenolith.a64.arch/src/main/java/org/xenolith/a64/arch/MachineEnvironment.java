// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.arch;

import java.util.List;
import org.xenolith.machine.api.EventLog;
import org.xenolith.machine.kit.Exits;
import org.xenolith.machine.kit.Processor;
import org.xenolith.machine.kit.ProcessorContext;
import org.xenolith.machine.kit.RamBus;

/** What a CPU is given of a machine, by the context that the machine's core made for it. */
public final class MachineEnvironment implements CpuEnvironment {
  private final ProcessorContext context;
  private List<Cpu> cpus;

  /** An environment for the one CPU that the context is for. */
  public MachineEnvironment(ProcessorContext context) {
    this.context = context;
  }

  @Override
  public RamBus bus() {
    return context.bus();
  }

  /** Those of the machine's processors that are Arm's: a broadcast reaches no others. */
  @Override
  public List<Cpu> cpus() {
    if (cpus == null) {
      cpus = context.processors().stream().filter(Cpu.class::isInstance).map((Processor each) -> each.as(Cpu.class)).toList();
    }
    return cpus;
  }

  @Override
  public void wake(Cpu cpu) {
    context.wake();
  }

  @Override
  public long nanoseconds() {
    return context.nanoseconds();
  }

  @Override
  public Exits exits() {
    return context.exits();
  }

  @Override
  public EventLog events() {
    return context.events();
  }
}
