// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.api;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.platform.api.Platform;
import org.xenolith.platform.api.PlatformException;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.platform.api.RequesterId;
import org.xenolith.xen.abi.XenErrno;

/**
 * Port: the machine's SMMUs, each with a port of its own, so that several drivers serve those that they know. Which one is on a function's
 * way, and as which stream it comes there, is said by the tree ({@code iommu-map}, {@code iommus}); whoever has broken properties has
 * none. Without a driver nothing isolates functions, and SMMUs belong to the hardware domain.
 */
public final class IommusPort {
  private final Map<String, IommuPort> smmus = new TreeMap<>();
  private Platform platform;

  /** Driver side: the port of an SMMU's node, to attach to. */
  public IommuPort at(PlatformNode smmu, DeviceContext owner) {
    platform = owner.platform();
    return smmus.computeIfAbsent(smmu.path(), path -> new IommuPort(smmu));
  }

  /** The SMMUs that a driver has known, by the paths of their nodes; also those whose driver is gone. */
  public List<IommuPort> all() {
    return List.copyOf(smmus.values());
  }

  /** Whether the requests of a function behind a host bridge go through an SMMU that is driven. */
  public boolean covers(HostBridgePort bridge, int rid) {
    IommuStream stream = stream(bridge, rid).orElse(null);
    IommuPort smmu = stream == null ? null : smmus.get(stream.smmu());
    return smmu != null && smmu.covers(stream.id());
  }

  /**
   * From now on the function reaches the domain's memory, by the domain's own stage 2, and nothing else.
   *
   * @return 0 or a negative errno: -ENODEV if no SMMU that is driven is on its way, -ENOMEM, -EBUSY if another domain has a function with the
   *         same stream; then it reaches what it did
   */
  public int attach(HostBridgePort bridge, int rid, Domain domain) {
    IommuStream stream = stream(bridge, rid).orElse(null);
    IommuPort smmu = stream == null ? null : smmus.get(stream.smmu());
    return smmu == null ? -XenErrno.XEN_ENODEV : smmu.attach(sbdf(bridge, rid), stream.id(), domain);
  }

  /** From now on the function reaches nothing; what it tries is an event. */
  public void detach(HostBridgePort bridge, int rid) {
    int sbdf = sbdf(bridge, rid);
    smmus.values().forEach(smmu -> smmu.detach(sbdf));
  }

  /** Whether a function is itself an IOMMU that the hypervisor drives: no domain may write to it. */
  public boolean drives(int sbdf) {
    for (IommuPort iommu : smmus.values()) {
      if (iommu.function() == sbdf) {
        return true;
      }
    }
    return false;
  }

  /** Whether only those messages of a function pass that {@link #message} said. */
  public boolean guardsMessages(HostBridgePort bridge, int rid) {
    IommuStream stream = stream(bridge, rid).orElse(null);
    IommuPort iommu = stream == null ? null : smmus.get(stream.smmu());
    return iommu != null && iommu.covers(stream.id()) && iommu.guardsMessages();
  }

  /** Says whether a message of a function passes; nothing happens if it isn't attached. @param data what the function writes */
  public void message(int sbdf, int data, boolean passes) {
    smmus.values().forEach(iommu -> iommu.message(sbdf, data, passes));
  }

  /** The streams that a function's requests have, as the fabric tells them; empty if none is told, or before a driver came. */
  public List<IommuStream> streams(HostBridgePort bridge, int rid) {
    return stream(bridge, rid).stream().toList();
  }

  private Optional<IommuStream> stream(HostBridgePort bridge, int rid) {
    try {
      return platform == null ? Optional.empty()
          : RequesterId.stream(platform, bridge.node(), rid).map(found -> new IommuStream(found.at().path(), found.id()));
    } catch (PlatformException broken) {
      return Optional.empty();
    }
  }

  private static int sbdf(HostBridgePort bridge, int rid) {
    return bridge.segment() << 16 | rid & 0xFFFF;
  }

  /** Paths of the nodes of SMMUs that the hypervisor drives: no domain gets them. */
  public List<String> nodes() {
    return smmus.values().stream().filter(IommuPort::driven).map(smmu -> smmu.node().path()).toList();
  }
}
