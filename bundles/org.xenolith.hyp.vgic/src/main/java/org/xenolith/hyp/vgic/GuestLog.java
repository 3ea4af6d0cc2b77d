// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.vgic;

import org.xenolith.hyp.api.HypervisorLogPort;

/** What guests do that isn't served, in the hypervisor's log: the same lines as Xen's, which people search for. */
final class GuestLog {
  private final HypervisorLogPort log;

  GuestLog(HypervisorLogPort log) {
    this.log = log;
  }

  /** A write that is ignored. */
  void unhandledWrite(DomainGic d, int vcpu, String register, int offset, int value) {
    boolean redistributor = d.version == 3 && offset < 4;
    log.add("d%dv%d: %s: unhandled word write 0x%014x to %s%d".formatted(d.domain().id(), vcpu,
        redistributor ? "vGICR: SGI" : "vGICD", value & 0xFFFF_FFFFL, register, offset));
  }

  /** A read of what isn't there. */
  void reserved(DomainGic d, int vcpu, int offset) {
    log.add("d%dv%d: vGICD: RAZ on reserved register offset 0x%06x".formatted(d.domain().id(), vcpu, offset));
  }
}
