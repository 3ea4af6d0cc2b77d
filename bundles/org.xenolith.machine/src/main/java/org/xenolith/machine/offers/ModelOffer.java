// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.offers;

import java.util.Set;
import java.util.function.Supplier;
import org.xenolith.machine.api.DeviceModelFactory;

/**
 * A factory of models with what its service says of it.
 *
 * @param source       gives the factory, or null if its service is gone; asked only when a model is to be made
 * @param compatible   values of nodes' {@code compatible} that it serves
 * @param functions    functions behind transports that it serves
 * @param enableMethods values of CPU nodes' {@code enable-method} that it serves
 * @param roles       roles in the machine's software that it serves, as {@link org.xenolith.machine.places.SubsystemPlaces#roles} has them
 * @param instructions sets of instructions that a machine's boot CPU must execute one of; empty if it fits every machine
 * @param ranking      decides between offers for the same value
 */
public record ModelOffer(Supplier<DeviceModelFactory> source, Set<String> compatible, Set<String> functions,
    Set<String> enableMethods, Set<String> roles, Set<String> instructions, int ranking, Provider provider) implements Offer {

  /** Whether it fits a machine whose boot CPU executes such instructions. */
  boolean fits(String machine) {
    return instructions.isEmpty() || instructions.contains(machine);
  }

  /** Whether no node and no place can have its model. */
  boolean matchesNothing() {
    return compatible.isEmpty() && functions.isEmpty() && enableMethods.isEmpty() && roles.isEmpty();
  }

  /** The factory. */
  public DeviceModelFactory factory() {
    DeviceModelFactory factory = source.get();
    if (factory == null) {
      throw new IllegalStateException(provider + ": the service was withdrawn or can't be activated; look at its bundle");
    }
    return factory;
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
