// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.offers;

import java.util.Set;
import java.util.function.Supplier;
import org.xenolith.machine.kit.ProcessorFactory;

/**
 * A factory of processors with what its service says of it.
 *
 * @param source     gives the factory, or null if its service is gone; asked only when a processor is to be made
 * @param compatible values of CPU nodes' {@code compatible} that it serves
 * @param ranking    decides between offers for the same value
 */
public record ProcessorOffer(Supplier<ProcessorFactory> source, Set<String> compatible, int ranking, Provider provider) implements Offer {
  /** The factory. */
  public ProcessorFactory factory() {
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
