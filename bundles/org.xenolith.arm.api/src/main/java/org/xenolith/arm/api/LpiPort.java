// SPDX-License-Identifier: EPL-2.0
package org.xenolith.arm.api;

/**
 * The permanent place where a GIC's redistributors and the interrupt translation services below it meet: the port of the
 * GIC's node. Either side may be absent or replaced while the other stays.
 */
public final class LpiPort {
  private LpiController controller;

  /** Translation side: the redistributors, or null while there are none or they have no LPIs. */
  public LpiController controller() {
    return controller;
  }

  /** GIC side: plugs its redistributors in (or out with null). */
  public void connect(LpiController newController) {
    controller = newController;
  }
}
