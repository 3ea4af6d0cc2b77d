// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.blkback;

import java.util.Optional;
import org.osgi.service.component.annotations.Component;
import org.xenolith.hyp.kit.HypervisorPorts;
import org.xenolith.hyp.kit.VirtualDisks;
import org.xenolith.machine.control.Machine;
import org.xenolith.origin.api.StepNotes;
import org.xenolith.origin.api.WordOwner;

/** Tells of sectors that are read for domains, so that the way of bytes ends at them. */
@Component
public final class BackendSectors implements WordOwner {
  @Override
  public Runnable watch(Machine machine, StepNotes notes) {
    Optional<VirtualDisks> disks = HypervisorPorts.of(machine, VirtualDisks.class);
    disks.ifPresent(each -> each.watch((name, sector, bytes) -> notes.sectors("a domain, " + name, sector, bytes)));
    return () -> disks.ifPresent(each -> each.watch(null));
  }
}
