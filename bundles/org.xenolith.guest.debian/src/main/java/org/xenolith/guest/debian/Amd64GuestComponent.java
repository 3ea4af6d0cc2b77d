// SPDX-License-Identifier: EPL-2.0
package org.xenolith.guest.debian;

import org.osgi.service.component.annotations.Component;
import org.xenolith.boot.api.GuestSource;

/** Offers the Debian guest for PCs as a service. */
@Component(service = GuestSource.class, property = "xenolith.guest=debian-amd64")
public final class Amd64GuestComponent extends DebianGuest {
  public Amd64GuestComponent() {
    super(DebianKernel.AMD64, new HostPackages(System.getenv()));
  }
}
