// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.api;

import org.xenolith.machine.api.RolePort;

/** Port of what firmware tells of itself, at the firmware's node. Without a provider there is no description. */
public final class FirmwareDescriptionPort extends RolePort<DescribedFirmware> implements DescribedFirmware {
  @Override
  public FirmwareDescription description() {
    return ask(null, DescribedFirmware::description);
  }

  @Override
  public void describe(FirmwareDescription told) {
    tell(firmware -> firmware.describe(told));
  }
}
