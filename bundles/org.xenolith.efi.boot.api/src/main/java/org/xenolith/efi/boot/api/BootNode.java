// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.boot.api;

/** The node that stands for firmware with boot services in a platform; no guest sees it. It serves the machine and all of its domains. */
public final class BootNode {
  /** Its path: where {@code DeviceContext.port} finds {@link LayersPort}. */
  public static final String PATH = "/xenolith-boot-services";
  /** Its {@code compatible}. */
  public static final String COMPATIBLE = "xenolith,boot-services";

  private BootNode() {}
}
