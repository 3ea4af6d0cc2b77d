// SPDX-License-Identifier: EPL-2.0
package org.xenolith.guest.debian;

import org.osgi.service.component.annotations.Component;
import org.xenolith.boot.api.ImageSource;

/** Offers the disk image of amd64 as a service. */
@Component(service = ImageSource.class)
public final class Amd64ImageComponent extends DebianImage {
  public Amd64ImageComponent() {
    super(DebianSystem.AMD64, new HostPackages(System.getenv()));
  }
}
