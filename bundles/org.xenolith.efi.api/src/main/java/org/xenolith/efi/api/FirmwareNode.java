// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.api;

/** The node that stands for EFI firmware in a platform; no guest sees it. A platform without it wasn't booted by EFI. */
public final class FirmwareNode {
  /** Its path: where {@code Machine.port} and {@code DeviceContext.port} find the firmware's ports. */
  public static final String PATH = "/xenolith-firmware";
  /** Its {@code compatible}. */
  public static final String COMPATIBLE = "xenolith,efi-firmware";

  private FirmwareNode() {}
}
