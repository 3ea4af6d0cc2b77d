// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.api;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.RamExhausted;
import org.xenolith.machine.api.RolePort;

/** Port of the core, and of those who want to hear of domains. */
public final class DomainsPort extends RolePort<Domains> {
  private final List<Listening> listeners = new ArrayList<>();

  private record Listening(DomainListener listener, DeviceContext owner) {}

  /** The core; null only while it is being replaced. */
  public Domains domains() {
    return provider();
  }

  /** Hears of domains from now on, in the place of an earlier listener of the same subsystem. */
  public void listen(DomainListener listener, DeviceContext owner) {
    listeners.removeIf(l -> l.owner.instance().equals(owner.instance()));
    listeners.add(new Listening(listener, owner));
    listeners.sort((a, b) -> a.owner.instance().compareTo(b.owner.instance()));
  }

  /** Hears no more. */
  public void forget(DomainListener listener) {
    listeners.removeIf(l -> l.listener == listener);
  }

  /** Tells all listeners, in the order of their roles' names; for the core. */
  public void tell(BiConsumer<DomainListener, Domain> what, Domain domain) {
    for (Listening listening : List.copyOf(listeners)) {
      try {
        what.accept(listening.listener, domain);
      } catch (RamExhausted e) {
        throw e;
      } catch (Throwable bug) {
        listeners.remove(listening);
        listening.owner.failed(bug);
      }
    }
  }
}
