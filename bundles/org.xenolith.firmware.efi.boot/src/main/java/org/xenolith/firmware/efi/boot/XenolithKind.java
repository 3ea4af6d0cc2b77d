// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.efi.boot;

import org.osgi.service.component.annotations.Component;
import org.xenolith.boot.api.FirmwareKind;

/** Names this firmware. */
@Component
public final class XenolithKind implements FirmwareKind {
  /** The option that names it. */
  static final String OPTION = "firmware";
  static final String NAME = "xenolith";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public boolean startsLoaders() {
    return true;
  }

  @Override
  public String summary() {
    return "UEFI firmware of Xenolith's own boots what is on the disks, or the kernel that is said";
  }
}
