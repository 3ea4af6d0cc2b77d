// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.arch;

import org.xenolith.machine.api.EventLog;
import org.xenolith.machine.kit.Exits;
import org.xenolith.machine.kit.Processor;
import org.xenolith.machine.kit.ProcessorContext;
import org.xenolith.machine.kit.RamBus;

/** What a CPU is given of a machine, by the context that the machine's core made for it. */
public final class MachineEnvironment implements CpuEnvironment {
  private final ProcessorContext context;

  /** An environment for the one CPU that the context is for. */
  public MachineEnvironment(ProcessorContext context) {
    this.context = context;
  }

  @Override
  public RamBus bus() {
    return context.bus();
  }

  @Override
  public long now() {
    return context.now();
  }

  @Override
  public long due(long nanoseconds) {
    return context.due(nanoseconds);
  }

  @Override
  public void clockMoves(Runnable listener) {
    context.clockMoves(listener);
  }

  @Override
  public long nanoseconds() {
    return context.nanoseconds();
  }

  @Override
  public void wake() {
    context.wake();
  }

  @Override
  public int cpus() {
    return context.processors().size();
  }

  @Override
  public void codeMarked(long frame) {
    for (Processor each : context.processors()) {
      if (each instanceof Core cpu) {
        cpu.mmu.codeMarked(frame);
      }
    }
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
