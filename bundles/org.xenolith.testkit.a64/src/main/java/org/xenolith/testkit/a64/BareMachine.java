// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.a64;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.arch.CpuConfig;
import org.xenolith.a64.arch.CpuEnvironment;
import org.xenolith.cpu.api.CpuEngine;
import org.xenolith.machine.api.EventLog;
import org.xenolith.machine.api.ExternalAbort;
import org.xenolith.machine.kit.Ram;
import org.xenolith.machine.kit.RamBus;

/**
 * What is around CPUs in tests of engines: pieces of RAM, and nothing else. HVC and SMC are how a guest says that it has come to its
 * end. Who wants a device, or another firmware, extends it.
 */
public class BareMachine implements CpuEnvironment, RamBus {
  private final List<Ram> memory;
  private final List<Cpu> cpus = new ArrayList<>();
  private boolean ended;
  private EventLog events = (kind, place, text) -> {};

  /** A machine without a CPU. */
  public BareMachine(Ram... memory) {
    this.memory = List.of(memory);
    this.memory.forEach(this::tellOfCode);
  }

  /** Tells the CPUs when code in a piece of memory is written. */
  protected final void tellOfCode(Ram ram) {
    ram.listen((chunk, offset, length) -> cpus.forEach(cpu -> cpu.codeWritten(chunk, offset, length)));
  }

  /** Adds a CPU, which is off. */
  public final Cpu add(CpuConfig config) {
    Cpu cpu = new Cpu(cpus.size(), config, this);
    cpus.add(cpu);
    return cpu;
  }

  /** Puts another CPU, which is off and knows nothing, in the place of one. */
  protected final Cpu replace(Cpu old, CpuConfig config) {
    int index = cpus.indexOf(old);
    Cpu cpu = new Cpu(index, config, this);
    cpus.set(index, cpu);
    return cpu;
  }

  /** Executes so many instructions at the most. Returns whether the guest came to its end. */
  public final boolean runToEnd(CpuEngine engine, long most) {
    ended = false;
    engine.run(most);
    return ended;
  }

  @Override
  public boolean firmwareCall(Cpu caller, boolean hvc) {
    ended = true;
    caller.requestExit();
    return true;
  }

  @Override
  public RamBus bus() {
    return this;
  }

  @Override
  public final List<Cpu> cpus() {
    return cpus;
  }

  @Override
  public void wake(Cpu woken) {}

  @Override
  public EventLog events() {
    return events;
  }

  /** Has somebody hear from now on what CPUs and engines tell; nobody does before. */
  public final void events(EventLog log) {
    events = log;
  }

  @Override
  public @Nullable Ram ram(long address) {
    for (Ram ram : memory) {
      if (address >= ram.base && address - ram.base < ram.size) {
        return ram;
      }
    }
    return null;
  }

  @Override
  public long read(long address, int size) {
    throw ExternalAbort.INSTANCE;
  }

  @Override
  public void write(long address, int size, long value) {
    throw ExternalAbort.INSTANCE;
  }
}
