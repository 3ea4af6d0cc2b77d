// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.scenario;

import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.Domains;
import org.xenolith.hyp.api.DomainsPort;
import org.xenolith.hyp.api.HypervisorNode;
import org.xenolith.machine.control.Machine;

/** A machine's hypervisor. */
final class View {
  private final Machine machine;

  /** @throws IllegalArgumentException if the machine has none */
  View(Machine machine) {
    this.machine = machine;
    if (!present(machine)) {
      throw new IllegalArgumentException("the machine has no hypervisor; add 'hypervisor: true' to the scenario");
    }
  }

  static boolean present(Machine machine) {
    return machine.platform().node(HypervisorNode.PATH).isPresent();
  }

  <T> T port(Class<T> type) {
    return machine.port(HypervisorNode.PATH, type);
  }

  /**
   * A live domain.
   *
   * @param idOrName its domid or its name
   * @return null if there is none
   */
  Domain domain(String idOrName) {
    Domains domains = port(DomainsPort.class).domains();
    if (domains == null) {
      throw new IllegalArgumentException("no hypervisor core is installed");
    }
    if (idOrName.matches("\\d{1,5}")) {
      return domains.byId(Integer.parseInt(idOrName));
    }
    return domains.all().stream().filter(domain -> domain.name().equals(idOrName)).findFirst().orElse(null);
  }

  /** A live domain that must be there. */
  Domain need(String idOrName) {
    Domain domain = idOrName == null ? null : domain(idOrName);
    if (domain == null) {
      throw new IllegalArgumentException(idOrName == null ? "the key 'domain' is missing"
          : "there is no domain '" + idOrName + "'; there are " + names());
    }
    return domain;
  }

  String names() {
    return port(DomainsPort.class).domains().all().stream().map(domain -> domain.id() + " (" + domain.name() + ")").toList().toString();
  }
}
