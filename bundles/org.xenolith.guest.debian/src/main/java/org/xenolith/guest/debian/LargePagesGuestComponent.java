// SPDX-License-Identifier: EPL-2.0
package org.xenolith.guest.debian;

import org.osgi.service.component.annotations.Component;
import org.xenolith.boot.api.GuestSource;

/** Offers the Debian guest with pages of 16 KiB as a service. */
@Component(service = GuestSource.class, property = "xenolith.guest=debian-16k")
public final class LargePagesGuestComponent extends DebianGuest {
  public LargePagesGuestComponent() {
    super(DebianKernel.PAGES_16K, new HostPackages(System.getenv()));
  }
}
