// SPDX-License-Identifier: EPL-2.0
package org.xenolith.net.api;

/** How a platform describes its in-machine Ethernet. */
public final class NetworkNodes {
  /** {@code compatible} of the node that the switch is at in a machine without a hypervisor of ours. */
  public static final String COMPATIBLE = "xenolith,ethernet";
  /** {@code compatible} of the node of a station that frames from outside the machine come in by; {@link #SEGMENT} says where. */
  public static final String OUTSIDE = "xenolith,outside-network";
  /** Property of a network card's node: the segment that it joins; {@link #FIRST} without it. */
  public static final String SEGMENT = "xenolith,segment";
  /** Property of a network card's node: its address, six bytes (Devicetree Specification 0.4, 4.3.1). */
  public static final String ADDRESS = "local-mac-address";
  /** How names of segments begin, as Xen names its bridges. */
  public static final String BRIDGE = "xenbr";
  /** Name of the segment that is joined by who isn't told another one. */
  public static final String FIRST = BRIDGE + 0;
  /** {@code compatible} of the hypervisor's node, where the switch is one of its subsystems. */
  static final String HYPERVISOR = "xenolith,hypervisor";

  private NetworkNodes() {}
}
