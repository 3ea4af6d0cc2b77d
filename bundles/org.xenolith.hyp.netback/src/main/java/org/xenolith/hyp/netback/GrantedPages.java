// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.netback;

import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.DomainsPort;
import org.xenolith.hyp.api.GrantsPort;
import org.xenolith.hyp.api.ServiceEventsPort;
import org.xenolith.hyp.kit.MachineMemory;
import org.xenolith.machine.api.DeviceContext;

/** Pages that domains granted to the service domain, mapped for the time of a copy. */
final class GrantedPages {
  static final int PAGE = 4096;

  private final GrantsPort grants;
  private final DomainsPort domains;
  private final MachineMemory memory;

  GrantedPages(DeviceContext context, MachineMemory memory) {
    grants = context.port(GrantsPort.class);
    domains = context.port(DomainsPort.class);
    this.memory = memory;
  }

  /** Whether grants can be asked for now; else what needs them waits. */
  boolean present() {
    return grants.present() && self() != null;
  }

  /** The domain in whose name this acts; null while there is none. */
  Domain self() {
    return domains.domains() == null ? null : domains.domains().byId(ServiceEventsPort.DOMID);
  }

  /** Maps a page to stay. @return its machine address, or a negative status */
  long map(Domain granter, int ref) {
    return grants.map(self(), granter, ref, false);
  }

  /** Ends {@link #map}. */
  void unmap(Domain granter, int ref) {
    grants.unmap(self(), granter, ref, false);
  }

  /** Ends {@link #map} of a domain that is gone. */
  void unmapGone(int serial, int ref) {
    grants.unmapGone(self(), serial, ref, false);
  }

  /** Copies out of a page; must not leave it. @return false if it isn't granted */
  boolean read(Domain granter, int ref, int offset, byte[] to, int at, int length) {
    if (length == 0) {
      return true;
    }
    Domain self = self();
    long page = grants.map(self, granter, ref, true);
    if (page < 0) {
      return false;
    }
    memory.read(page + offset, to, at, length);
    grants.unmap(self, granter, ref, true);
    return true;
  }

  /** Copies to the beginning of a page; must not leave it. @return false if it isn't granted to be written */
  boolean write(Domain granter, int ref, byte[] from, int at, int length) {
    Domain self = self();
    long page = grants.map(self, granter, ref, false);
    if (page < 0) {
      return false;
    }
    memory.write(page, from, at, length);
    grants.unmap(self, granter, ref, false);
    return true;
  }
}
