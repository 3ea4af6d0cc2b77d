// SPDX-License-Identifier: EPL-2.0
package org.xenolith.profile;

import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.DomainsPort;
import org.xenolith.hyp.api.HypervisorNode;
import org.xenolith.hyp.api.P2mPort;
import org.xenolith.inspect.api.ProcessorPlace;
import org.xenolith.inspect.api.Privilege;
import org.xenolith.machine.control.Machine;

/** Finds out whose code a CPU executes. */
final class Origins {
  private final DomainsPort domains;
  private final P2mPort p2m;

  Origins(Machine machine) {
    boolean hypervisor = machine.platform().node(HypervisorNode.PATH).isPresent();
    domains = hypervisor ? machine.port(HypervisorNode.PATH, DomainsPort.class) : null;
    p2m = hypervisor ? machine.port(HypervisorNode.PATH, P2mPort.class) : null;
  }

  Origin of(ProcessorPlace place) {
    boolean kernel = place.privilege() == Privilege.KERNEL;
    return new Origin(domain(place), place.privilege(), kernel ? "" : place.level(), place.privilege() == Privilege.USER ? place
        .addressSpace() : "");
  }

  private String domain(ProcessorPlace place) {
    if (place.guestTables() == 0) {
      return "";
    }
    if (domains != null && domains.domains() != null) {
      for (Domain domain : domains.domains().all()) {
        if (p2m.root(domain) == place.guestTables()) {
          return "d" + domain.id();
        }
      }
    }
    return place.guestNumber() < 0 ? "guest" : "VMID " + place.guestNumber();
  }
}
