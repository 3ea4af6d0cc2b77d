// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.api;

/** Port of the direct way in, at the firmware's node: who loads a kernel puts code into memory only if somebody is there to answer it. */
public final class DirectServicesPort extends FirmwareRolePort<DirectServices> implements DirectServices {
  @Override
  public void placed(RuntimeMemory memory) {
    tell(direct -> direct.placed(memory));
  }
}
