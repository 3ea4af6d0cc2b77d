// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.api;

/** The node that stands for the hypervisor in a platform; no guest sees it. */
public final class HypervisorNode {
  /** Its path: where {@code Machine.port} finds the hypervisor's ports. */
  public static final String PATH = "/xenolith-hypervisor";
  /** Its {@code compatible}. */
  public static final String COMPATIBLE = "xenolith,hypervisor";

  private HypervisorNode() {}
}
