// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.offers;

import java.util.Set;
import java.util.function.Supplier;
import org.xenolith.cpu.api.CpuEngineFactory;

/**
 * A CPU engine's factory with what its service says of it.
 *
 * @param source  gives the factory, or null if its service is gone; asked only when an engine is to be made
 * @param name    name of the engine
 * @param instructions sets of instructions that it executes, as {@link org.xenolith.machine.kit.Processor#instructions} names them
 * @param ranking decides when no engine is asked for by name
 */
public record EngineOffer(Supplier<CpuEngineFactory> source, String name, Set<String> instructions, int ranking, Provider provider)
    implements
    Offer {
  /** The factory. */
  public CpuEngineFactory factory() {
    return needed(source.get());
  }

  /** Offers are the same only as objects: each service has one. */
  @Override
  public boolean equals(Object other) {
    return this == other;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(this);
  }
}
