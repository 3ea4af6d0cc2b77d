// SPDX-License-Identifier: EPL-2.0
package org.xenolith.guest.debian;

import org.osgi.service.component.annotations.Component;
import org.xenolith.boot.api.GuestSource;

/** Offers the Debian guest for PCs with the kernel for virtual machines as a service. */
@Component(service = GuestSource.class, property = "xenolith.guest=debian-amd64-cloud")
public final class Amd64CloudGuestComponent extends DebianGuest {
  public Amd64CloudGuestComponent() {
    super(DebianKernel.AMD64_CLOUD, new HostPackages(System.getenv()));
  }
}
