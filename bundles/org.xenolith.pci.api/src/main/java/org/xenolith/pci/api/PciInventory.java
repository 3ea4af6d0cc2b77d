// SPDX-License-Identifier: EPL-2.0
package org.xenolith.pci.api;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.osgi.annotation.versioning.ProviderType;
import org.xenolith.machine.control.Machine;

/**
 * What is on the PCI buses of a machine; an OSGi service. Everything is read from the models: configuration space as software has set it
 * up, nothing is accessed over the bus, and nothing changes. To be asked on the machine's thread, or while it doesn't run; from
 * elsewhere by {@link #ask}.
 */
@ProviderType
public interface PciInventory {
  /** The host bridges that have a model, in the order of their nodes, with what is behind each. */
  List<PciHostFacts> hosts(Machine machine);

  /**
   * The bytes of a function's configuration space, 4096; empty if there is none now that a configuration cycle would reach: what is
   * behind a bridge that software has given no numbers of buses has no address.
   */
  Optional<byte[]> config(Machine machine, PciAddress function);

  /** The function at an address; empty if there is none now. */
  default Optional<PciFunctionFacts> function(Machine machine, PciAddress address) {
    return hosts(machine).stream().flatMap(PciHostFacts::all).filter(f -> f.address().equals(address)).findFirst();
  }

  /**
   * Has a question asked at the machine's next safe point.
   *
   * @param question such as {@code inventory -> inventory.hosts(machine)}; runs on the machine's thread
   * @return completed there with the answer, or with what the question threw; never, if the machine runs no more
   */
  default <T> CompletableFuture<T> ask(Machine machine, Function<PciInventory, T> question) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    machine.post(() -> {
      try {
        answer.complete(question.apply(this));
      } catch (RuntimeException e) {
        answer.completeExceptionally(e);
      }
    });
    return answer;
  }
}
