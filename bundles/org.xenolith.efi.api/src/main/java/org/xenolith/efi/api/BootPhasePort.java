// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.api;

import org.xenolith.machine.api.RolePort;

/** Port of firmware with boot services, at the firmware's node: without any, whoever calls runtime services runs after boot services. */
public final class BootPhasePort extends RolePort<BootPhase> implements BootPhase {
  @Override
  public boolean hasBootServices() {
    return ask(false, BootPhase::hasBootServices);
  }
}
