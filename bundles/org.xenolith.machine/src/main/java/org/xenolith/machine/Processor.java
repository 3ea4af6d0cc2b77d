// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine;

import java.util.List;
import java.util.function.Consumer;
import org.xenolith.cpu.api.CpuEngine;
import org.xenolith.cpu.api.CpuEngineFactory;
import org.xenolith.cpu.arch.Cpu;
import org.xenolith.cpu.arch.CpuConfig;
import org.xenolith.cpu.arch.CpuEnvironment;
import org.xenolith.machine.api.CpuPort;
import org.xenolith.machine.api.EventLog;
import org.xenolith.machine.api.ModelException;
import org.xenolith.machine.api.RamExhausted;
import org.xenolith.machine.kit.Exits;
import org.xenolith.machine.kit.RamBus;

/** One CPU of the machine with the engine that executes it now. */
final class Processor implements Turn {
  private final Cpu cpu;
  private EngineOffer offer;
  private CpuEngine engine;

  Processor(int index, CpuConfig config, CpuEnvironment environment) {
    cpu = new Cpu(index, config, environment);
  }

  Cpu cpu() {
    return cpu;
  }

  /** The engine's offer, or null while there is no engine. */
  EngineOffer offer() {
    return offer;
  }

  /**
   * Puts an engine in, which then executes.
   *
   * @throws ModelException if it can't be made, or doesn't execute such a CPU
   */
  void install(EngineOffer newOffer) {
    CpuEngineFactory factory = newOffer.factory();
    String name = "CPU engine " + newOffer.name() + " of " + newOffer.provider();
    try {
      engine = factory.create(cpu);
    } catch (RamExhausted notTheEngines) {
      throw notTheEngines;
    } catch (ModelException refused) {
      throw named(name + " doesn't execute cpu " + cpu.index() + ": " + refused.getMessage() + "; choose an engine for it", refused);
    } catch (Throwable bug) {
      throw named(name + " can't be made: " + bug, bug);
    }
    offer = newOffer;
  }

  private static ModelException named(String message, Throwable cause) {
    ModelException named = new ModelException(message);
    named.initCause(cause);
    return named;
  }

  /** Puts another engine of the same kind in, as one is made that looks who watches the machine. */
  void renew() {
    EngineOffer same = offer;
    if (same != null) {
      uninstall();
      install(same);
    }
  }

  /** Takes the engine out; the CPU stands still until another is put in. */
  void uninstall() {
    CpuEngine old = engine;
    EngineOffer from = offer;
    engine = null;
    offer = null;
    if (old != null) {
      try {
        old.close();
      } catch (Throwable bug) {
        cpu.env.events().report("engine-failed", "cpu " + cpu.index(), from.provider() + " while it was closed: " + bug);
      }
    }
  }

  @Override
  public boolean runnable() {
    return engine != null && cpu.runnable();
  }

  @Override
  public long run(long budget) {
    return engine.run(budget);
  }

  @Override
  public long runAbout(long budget) {
    return engine.runAbout(budget);
  }

  @Override
  public CpuPort port() {
    return cpu;
  }

  @Override
  public long executed() {
    return cpu.executed();
  }

  @Override
  public void requestExit() {
    cpu.requestExit();
  }

  @Override
  public boolean exitRequested() {
    return cpu.exitRequested();
  }

  /** What a CPU is given of its machine. */
  record Environment(RamBus bus, List<Cpu> cpus, FirmwarePort firmware, Exits exits, EventLog events, VirtualClock clock,
      Consumer<Cpu> scheduler)
      implements CpuEnvironment {
    @Override
    public boolean firmwareCall(Cpu cpu, boolean hvc) {
      return firmware.call(cpu, hvc);
    }

    @Override
    public long nanoseconds() {
      return clock.nanosecondEach() ? clock.now() : -1;
    }

    @Override
    public void wake(Cpu cpu) {
      scheduler.accept(cpu);
    }
  }
}
