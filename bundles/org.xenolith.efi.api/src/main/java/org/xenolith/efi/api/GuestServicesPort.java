// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.api;

import org.xenolith.machine.api.RolePort;

/** Port of the runtime services of domains, at the hypervisor's node. Without a provider a domain is built without them. */
public final class GuestServicesPort extends RolePort<GuestServices> implements GuestServices {
  @Override
  public int supported() {
    return ask(0, GuestServices::supported);
  }

  @Override
  public void placed(int domain, RuntimeMemory memory) {
    tell(services -> services.placed(domain, memory));
  }
}
