// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.api;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.PhysicalBus;
import org.xenolith.platform.api.Platform;
import org.xenolith.platform.api.PlatformNode;

/** Port: the machine's PCI host bridges, and the drivers that the hypervisor has for them. */
public final class HostBridgesPort {
  private static final String DOMAIN = "linux,pci-domain";

  private final List<HostBridgePort> bridges = new ArrayList<>();
  private final List<Claim> claims = new ArrayList<>();
  private boolean counted;

  /** What a driver made of each bridge that it serves, by the bridge's port; also of those that another one drives. */
  private record Claim(HostBridgeDriver driver, DeviceContext owner, Map<HostBridgePort, HostBridge> opened) {}

  /**
   * Drives host bridges from now on, in the place of an earlier driver of the same subsystem. Of several drivers that serve a bridge
   * it has the one whose {@code compatible} comes first in its node, as that is the most specific one (Devicetree Specification 0.4,
   * 2.3.1); of equal ones that of the subsystem that came last. A bridge that a driver serves but can't drive is left to the others;
   * the event {@code pci-bridge} says why.
   */
  public void claim(HostBridgeDriver driver, DeviceContext owner) {
    count(owner.platform());
    Claim claim = new Claim(driver, owner, open(driver, owner));
    int earlier = 0;
    while (earlier < claims.size() && !claims.get(earlier).owner.instance().equals(owner.instance())) {
      earlier++;
    }
    if (earlier < claims.size()) {
      claims.set(earlier, claim);
    } else {
      claims.add(claim);
    }
    bridges.forEach(this::choose);
  }

  /** Drives them no more: each bridge falls to the next best driver. */
  public void release(HostBridgeDriver driver) {
    claims.removeIf(c -> c.driver == driver);
    bridges.forEach(this::choose);
  }

  private Map<HostBridgePort, HostBridge> open(HostBridgeDriver driver, DeviceContext owner) {
    PhysicalBus bus = owner.memory().physical();
    Map<HostBridgePort, HostBridge> opened = new HashMap<>();
    for (HostBridgePort bridge : bridges) {
      if (rank(driver, bridge) < bridge.node().compatible().size()) {
        try {
          opened.put(bridge, driver.open(bridge.node(), bus));
        } catch (HypervisorException e) {
          owner.events().report("pci-bridge", owner.instance(), bridge.node().path() + ": " + e.getMessage());
        }
      }
    }
    return opened;
  }

  /** The place in the node's {@code compatible} of the first value that a driver serves; behind the last one if it serves none. */
  private static int rank(HostBridgeDriver driver, HostBridgePort bridge) {
    List<String> values = bridge.node().compatible();
    int rank = 0;
    while (rank < values.size() && !driver.compatible().contains(values.get(rank))) {
      rank++;
    }
    return rank;
  }

  private void choose(HostBridgePort bridge) {
    Claim best = null;
    for (Claim claim : claims) {
      if (claim.opened.containsKey(bridge) && (best == null || rank(claim.driver, bridge) <= rank(best.driver, bridge))) {
        best = claim;
      }
    }
    if (best == null) {
      bridge.detach(bridge.provider());
    } else if (bridge.provider() != best.opened.get(bridge)) {
      bridge.attach(best.opened.get(bridge), best.owner);
    }
  }

  /** The machine's host bridges in the order of their nodes, with drivers or without; empty before the first driver came. */
  public List<HostBridgePort> all() {
    return bridges;
  }

  /** The bridge that leads to a function; null if none that has a driver does. */
  public @Nullable HostBridgePort of(int sbdf) {
    for (int i = 0; i < bridges.size(); i++) {
      HostBridgePort bridge = bridges.get(i);
      if (bridge.segment() == sbdf >>> 16 && bridge.covers(sbdf >>> 8 & 0xFF)) {
        return bridge;
      }
    }
    return null;
  }

  private void count(Platform platform) {
    if (!counted) {
      counted = true;
      List<PlatformNode> nodes = nodes(platform);
      for (int i = 0; i < nodes.size(); i++) {
        bridges.add(new HostBridgePort(nodes.get(i), segment(nodes.get(i), i)));
      }
    }
  }

  /** Enabled nodes of PCI host bridges in the order of the tree. */
  public static List<PlatformNode> nodes(Platform platform) {
    return platform.nodes().stream().filter(PlatformNode::enabled).filter(n -> n.slot().isEmpty())
        .filter(n -> n.property("device_type").filter(FdtProperty::looksLikeStrings).map(FdtProperty::string).filter("pci"::equals)
            .isPresent()).toList();
  }

  /** The segment of the {@code index}th of {@link #nodes}: {@code linux,pci-domain}, or else its place. */
  public static int segment(PlatformNode node, int index) {
    return (int) node.cell(DOMAIN, index) & 0xFFFF;
  }
}
