// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.efi.boot;

import org.xenolith.efi.kit.RuntimeServicesCode.Conduit;

/** The program of our own firmware, in the core's own package, as its tests are, because the core exports nothing. */
public final class PlainProgram {
  private PlainProgram() {}

  /** Its bytes for a board. */
  public static byte[] bytes() {
    return FirmwareProgram.of(Conduit.SMC).bytes();
  }
}
