// SPDX-License-Identifier: EPL-2.0
package org.xenolith.guest.debian;

import org.osgi.service.component.annotations.Component;
import org.xenolith.boot.api.GuestSource;

/** Offers the Debian guest as a service. */
@Component(service = GuestSource.class, property = "xenolith.guest=debian")
public final class DebianGuestComponent extends DebianGuest {
  public DebianGuestComponent() {
    super(DebianKernel.USUAL, new HostPackages(System.getenv()));
  }
}
