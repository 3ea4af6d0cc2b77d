// SPDX-License-Identifier: EPL-2.0
package org.xenolith.net.api;

import org.xenolith.machine.api.DeviceContext;
import org.xenolith.platform.api.PlatformNode;

/** How a platform describes its in-machine Ethernet. */
public final class NetworkNodes {
  /** {@code compatible} of the node that the switch is at in a machine without a hypervisor of ours. */
  public static final String COMPATIBLE = "xenolith,ethernet";
  /** Property of a network card's node: the segment that it joins; {@link #FIRST} without it. */
  public static final String SEGMENT = "xenolith,segment";
  /** Property of a network card's node: its address, six bytes (Devicetree Specification 0.4, 4.3.1). */
  public static final String ADDRESS = "local-mac-address";
  /** Name of the segment that is joined by who isn't told another one. */
  public static final String FIRST = "xenbr0";
  /** {@code compatible} of the hypervisor's node, where the switch is one of its subsystems. */
  private static final String HYPERVISOR = "xenolith,hypervisor";

  private NetworkNodes() {}

  /**
   * The port that all of a machine share, so that cards and the interfaces of domains see one another: at the hypervisor's node,
   * else at the switch's own. In a machine with neither, the port of the asking device's node, where there is no switch.
   */
  public static EthernetPort port(DeviceContext context) {
    PlatformNode place = null;
    for (PlatformNode node : context.platform().nodes()) {
      if (node.enabled() && node.isCompatible(HYPERVISOR)) {
        return context.port(node.path(), EthernetPort.class);
      }
      if (place == null && node.enabled() && node.isCompatible(COMPATIBLE)) {
        place = node;
      }
    }
    return place == null ? context.port(EthernetPort.class) : context.port(place.path(), EthernetPort.class);
  }
}
