// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.processors;

import org.xenolith.cpu.api.CpuEngine;
import org.xenolith.cpu.api.CpuEngineFactory;
import org.xenolith.machine.api.CpuPort;
import org.xenolith.machine.api.EventLog;
import org.xenolith.machine.api.ModelException;
import org.xenolith.machine.api.RamExhausted;
import org.xenolith.machine.kit.Processor;
import org.xenolith.machine.offers.EngineOffer;

/** One CPU of the machine with the engine that executes it now. */
public final class CpuTurn implements Turn {
  private final Processor cpu;
  private final EventLog events;
  private EngineOffer offer;
  private CpuEngine engine;

  /** @param events told of an engine that breaks while it is closed */
  public CpuTurn(Processor cpu, EventLog events) {
    this.cpu = cpu;
    this.events = events;
  }

  public Processor cpu() {
    return cpu;
  }

  /** The engine's offer, or null while there is no engine. */
  public EngineOffer offer() {
    return offer;
  }

  /**
   * Puts an engine in, which then executes.
   *
   * @throws ModelException if it can't be made, or doesn't execute such a CPU
   */
  public void install(EngineOffer newOffer) {
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
  public void renew() {
    EngineOffer same = offer;
    if (same != null) {
      uninstall();
      install(same);
    }
  }

  /** Takes the engine out; the CPU stands still until another is put in. */
  public void uninstall() {
    CpuEngine old = engine;
    EngineOffer from = offer;
    engine = null;
    offer = null;
    if (old != null) {
      try {
        old.close();
      } catch (Throwable bug) {
        events.announce("engine-failed", "cpu " + cpu.index(), from.provider() + " while it was closed: " + bug);
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
  public Processor processor() {
    return cpu;
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
}
