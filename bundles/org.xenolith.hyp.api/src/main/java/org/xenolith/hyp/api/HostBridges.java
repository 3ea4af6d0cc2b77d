package org.xenolith.hyp.api;

import java.util.ArrayList;
import java.util.List;
import org.xenolith.cpu.arch.Cpu;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.PhysicalBus;
import org.xenolith.platform.api.Platform;
import org.xenolith.platform.api.PlatformNode;

/** Port: the machine's PCI host bridges, and the drivers that the hypervisor has for them. */
public final class HostBridges {
  private static final String DOMAIN = "linux,pci-domain";

  private final List<HostBridgePort> bridges = new ArrayList<>();
  private final List<Claim> claims = new ArrayList<>();
  private boolean counted;

  private record Claim(HostBridgeDriver driver, DeviceContext owner, List<HostBridge> opened) { }

  /**
   * Drives host bridges from now on, in the place of an earlier driver of the same subsystem. A bridge that it serves by
   * {@code compatible} but can't drive keeps none; the event {@code pci-bridge} says why.
   */
  public void claim(HostBridgeDriver driver, DeviceContext owner) {
    count(owner.platform());
    claims.removeIf(c -> c.owner.instance().equals(owner.instance()));
    Claim claim = new Claim(driver, owner, new ArrayList<>());
    claims.add(claim);
    PhysicalBus bus = owner.cpus().getFirst().as(Cpu.class).env.bus();
    for (HostBridgePort bridge : bridges) {
      if (bridge.node().compatible().stream().anyMatch(driver.compatible()::contains)) {
        try {
          bridge.open(driver, bus, owner);
          claim.opened.add(bridge.provider());
        } catch (HypervisorException e) {
          owner.events().report("pci-bridge", owner.instance(), bridge.node().path() + ": " + e.getMessage());
        }
      }
    }
  }

  /** Drives them no more. */
  public void release(HostBridgeDriver driver) {
    for (Claim claim : claims) {
      if (claim.driver == driver) {
        bridges.forEach(bridge -> claim.opened.forEach(bridge::detach));
      }
    }
    claims.removeIf(c -> c.driver == driver);
  }

  /** The machine's host bridges in the order of their nodes, with drivers or without; empty before the first driver came. */
  public List<HostBridgePort> all() {
    return bridges;
  }

  /** The bridge that leads to a function; null if none that has a driver does. */
  public HostBridgePort of(int sbdf) {
    for (int i = 0; i < bridges.size(); i++) {
      HostBridgePort bridge = bridges.get(i);
      if (bridge.segment() == Sbdf.segment(sbdf) && bridge.covers(Sbdf.bus(sbdf))) {
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
