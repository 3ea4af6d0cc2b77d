// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.grant;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.osgi.service.component.annotations.Component;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.Domains;
import org.xenolith.hyp.api.DomainsPort;
import org.xenolith.hyp.api.GrantsPort;
import org.xenolith.hyp.api.HypervisorNode;
import org.xenolith.hyp.kit.HypervisorPorts;
import org.xenolith.machine.control.Machine;
import org.xenolith.origin.api.WordOwner;

/** Says of pages that are in use by a grant whose they are, and who uses them. */
@Component
public final class GrantUsers implements WordOwner {
  private static final int PAGE_SHIFT = 12;

  @Override
  public Optional<String> text(Machine machine, long address, int length) {
    return HypervisorPorts.of(machine, GrantsPort.class).map(grants -> text(machine, grants, address)).filter(text -> !text.isEmpty());
  }

  private static String text(Machine machine, GrantsPort grants, long address) {
    Domains core = machine.port(HypervisorNode.PATH, DomainsPort.class).domains();
    List<? extends Domain> all = core == null ? List.of() : core.all();
    return grants.uses(address >>> PAGE_SHIFT).stream().map(
        each -> "granted by %s to %s, reference %d".formatted(name(all, each.granter()), name(all, each.user()), each.ref())).collect(
            Collectors.joining(", "));
  }

  private static String name(List<? extends Domain> all, int serial) {
    return all.stream().filter(each -> each.serial() == serial).findFirst().map(each -> "d" + each.id()).orElse("a domain that is gone");
  }
}
