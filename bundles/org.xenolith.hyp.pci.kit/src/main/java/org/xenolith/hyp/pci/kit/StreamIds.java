// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.pci.kit;

import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.xenolith.hyp.api.HostBridgesPort;
import org.xenolith.platform.api.Platform;
import org.xenolith.platform.api.PlatformException;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.platform.api.RequesterId;

/** Which IOMMU a function's requests pass, and as which stream. Who has broken properties has no stream. */
public final class StreamIds {
  private final Platform platform;
  /** What was looked up, by bridge and routing id: the tree doesn't change. */
  private final Map<PlatformNode, Map<Integer, Optional<Stream>>> known = new IdentityHashMap<>();

  /**
   * A stream.
   *
   * @param node path of its IOMMU's node
   * @param id   its number there
   */
  public record Stream(String node, long id) {}

  /** Those of a machine. */
  public StreamIds(Platform platform) {
    this.platform = platform;
  }

  /** The stream of a function behind a host bridge; null if none is told. */
  public Stream of(PlatformNode bridge, int rid) {
    return known.computeIfAbsent(bridge, node -> new HashMap<>()).computeIfAbsent(rid, id -> look(bridge, id)).orElse(null);
  }

  private Optional<Stream> look(PlatformNode bridge, int rid) {
    try {
      return RequesterId.stream(platform, bridge, rid).map(found -> new Stream(found.at().path(), found.id()));
    } catch (PlatformException broken) {
      return Optional.empty();
    }
  }

  /** The highest stream that any node has at an IOMMU; -1 if none has one. */
  public long highest(String iommu) {
    long highest = -1;
    for (PlatformNode node : platform.nodes()) {
      for (RequesterId.Row row : rows(node)) {
        if (row.at().path().equals(iommu) && row.length() > 0) {
          highest = Math.max(highest, row.id() + row.length() - 1);
        }
      }
      Stream single = node.has("iommus") ? of(node, 0) : null;
      if (single != null && single.node.equals(iommu)) {
        highest = Math.max(highest, single.id);
      }
    }
    return highest;
  }

  /** The function that a stream of an IOMMU is, as far as the tree tells; empty if it doesn't, or tells of several. */
  public String function(String iommu, long stream) {
    List<PlatformNode> bridges = HostBridgesPort.nodes(platform);
    for (int i = 0; i < bridges.size(); i++) {
      try {
        OptionalInt rid = RequesterId.ofStream(platform, bridges.get(i), iommu, stream);
        if (rid.isPresent()) {
          return Sbdf.text(Sbdf.of(HostBridgesPort.segment(bridges.get(i), i), rid.getAsInt()));
        }
      } catch (PlatformException broken) {
        // It tells of none.
      }
    }
    return "";
  }

  private List<RequesterId.Row> rows(PlatformNode node) {
    try {
      return RequesterId.streams(platform, node);
    } catch (PlatformException broken) {
      return List.of();
    }
  }
}
