// SPDX-License-Identifier: EPL-2.0
package org.xenolith.guest.debian;

import org.osgi.service.component.annotations.Component;
import org.xenolith.boot.api.ImageSource;

/** Offers the disk image as a service. */
@Component(service = ImageSource.class)
public final class DebianImageComponent extends DebianImage {
  public DebianImageComponent() {
    super(DebianSystem.ARM64, new HostPackages(System.getenv()));
  }
}
