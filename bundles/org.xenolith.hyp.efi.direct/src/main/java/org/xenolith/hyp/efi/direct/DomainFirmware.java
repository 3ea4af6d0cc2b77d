// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.efi.direct;

import org.xenolith.efi.api.ResetType;
import org.xenolith.efi.api.TimeServices;
import org.xenolith.efi.api.VariableServices;
import org.xenolith.efi.kit.ComposedServices;
import org.xenolith.hyp.api.Domain;
import org.xenolith.xen.abi.SchedOp;

/** The runtime services of one domain: its variables, its clock, and itself to be reset. */
final class DomainFirmware extends ComposedServices {
  private final Domain domain;

  DomainFirmware(Domain domain, VariableServices variables, TimeServices clock) {
    super(() -> variables, clock);
    this.domain = domain;
  }

  @Override
  public void resetSystem(ResetType type, long status, byte[] data) {
    domain.shutdown(type == ResetType.SHUTDOWN ? SchedOp.SHUTDOWN_poweroff : SchedOp.SHUTDOWN_reboot);
  }
}
