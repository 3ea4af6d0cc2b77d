// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.api;

import org.xenolith.machine.api.RolePort;

/** Port of the direct way in, at the firmware's node: who loads a kernel puts code into memory only if somebody is there to answer it. */
public final class DirectServicesPort extends RolePort<DirectServices> implements DirectServices {
  @Override
  public void placed(RuntimeMemory memory) {
    tell(direct -> direct.placed(memory));
  }
}
