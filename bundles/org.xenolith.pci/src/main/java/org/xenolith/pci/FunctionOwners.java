// SPDX-License-Identifier: EPL-2.0
package org.xenolith.pci;

import java.util.Optional;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.DomainSpec;
import org.xenolith.hyp.api.DomainsPort;
import org.xenolith.hyp.api.HypervisorNode;
import org.xenolith.hyp.api.PciDevicesPort;
import org.xenolith.hyp.api.PciFunction;
import org.xenolith.hyp.kit.Sbdf;
import org.xenolith.machine.control.Machine;

/** Whose a function is when a hypervisor is there. */
final class FunctionOwners {
  /** Null without a hypervisor. */
  private final PciDevicesPort devices;
  private final DomainsPort domains;

  FunctionOwners(Machine machine) {
    boolean hypervisor = machine.platform().node(HypervisorNode.PATH).isPresent();
    devices = hypervisor ? machine.port(HypervisorNode.PATH, PciDevicesPort.class) : null;
    domains = hypervisor ? machine.port(HypervisorNode.PATH, DomainsPort.class) : null;
  }

  /** For example {@code Dom0} or {@code guest as 00:01.0}; empty if nobody knows the function. */
  Optional<String> of(int sbdf) {
    PciFunction function = devices == null ? null : devices.at(sbdf);
    if (function == null) {
      return Optional.empty();
    }
    if (function.owner() == 0) {
      return Optional.of("quarantine");
    }
    Domain owner = domains.domains() == null ? null
        : domains.domains().all().stream().filter(d -> d.serial() == function.owner()).findFirst().orElse(null);
    if (owner != null && owner.kind() == DomainSpec.Kind.DOM0) {
      return Optional.of(function.assignable() ? "assignable" : "Dom0");
    }
    return Optional.of((owner == null ? "a domain that is gone" : owner.name()) + " as "
        + Sbdf.text(function.guestSbdf()).substring(5));
  }
}
