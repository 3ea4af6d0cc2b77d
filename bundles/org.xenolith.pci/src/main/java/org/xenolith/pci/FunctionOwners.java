// SPDX-License-Identifier: EPL-2.0
package org.xenolith.pci;

import java.util.Optional;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.DomainSpec;
import org.xenolith.hyp.api.DomainsPort;
import org.xenolith.hyp.api.HypervisorNode;
import org.xenolith.hyp.api.PciDevicesPort;
import org.xenolith.hyp.api.PciFunction;
import org.xenolith.hyp.pci.kit.Sbdf;
import org.xenolith.machine.control.Machine;
import org.xenolith.pci.api.PciAddress;
import org.xenolith.pci.api.PciOwner;
import org.xenolith.pci.api.PciOwner.State;

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

  /** Empty if nobody knows the function. */
  Optional<PciOwner> of(PciAddress address) {
    PciFunction function = devices == null ? null : devices.at(Sbdf.of(address.segment(), address.rid()));
    if (function == null) {
      return Optional.empty();
    }
    if (function.owner() == 0) {
      return Optional.of(new PciOwner(State.QUARANTINE, Optional.empty(), Optional.empty()));
    }
    Domain owner = domains.domains() == null ? null
        : domains.domains().all().stream().filter(d -> d.serial() == function.owner()).findFirst().orElse(null);
    if (owner != null && owner.kind() == DomainSpec.Kind.DOM0) {
      return Optional.of(new PciOwner(function.assignable() ? State.ASSIGNABLE : State.HARDWARE_DOMAIN, Optional.empty(), Optional
          .empty()));
    }
    int place = function.guestSbdf();
    return Optional.of(new PciOwner(State.GUEST, Optional.ofNullable(owner).map(Domain::name), Optional.of(PciAddress.of(Sbdf.segment(
        place),
        Sbdf.rid(place)))));
  }
}
