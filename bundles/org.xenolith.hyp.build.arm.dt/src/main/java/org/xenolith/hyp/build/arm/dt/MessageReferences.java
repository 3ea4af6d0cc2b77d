// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.build.arm.dt;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.xenolith.fdt.FdtAddresses;
import org.xenolith.fdt.FdtIndex;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.fdt.FdtWindow;

/**
 * Which ITS of the host the hardware domain keeps, and which references to others go: a map to an ITS that isn't there would
 * have a driver wait for it (bindings {@code pci-msi}, {@code msi}).
 */
final class MessageReferences {
  private static final int ROW = 4;

  private final Optional<HostGic.GivenIts> given;
  private final Set<Integer> lost = new HashSet<>();

  /** @param addresses of the host's tree */
  MessageReferences(HostGic gic, Dom0Pci pci, FdtAddresses addresses) {
    List<FdtNode> nodes = gic.itsNodes();
    Optional<FdtNode> kept = pci.its().flatMap(its -> nodes.stream().filter(n -> standsAt(addresses, n, its)).findFirst()
        .or(() -> nodes.stream().findFirst()));
    given = kept.map(node -> new HostGic.GivenIts(node, pci.its().orElseThrow(),
        standsAt(addresses, node, pci.its().orElseThrow())));
    // without drivers of its own the hypervisor leaves the host's nodes as they are, dangling references too
    if (!pci.segments().isEmpty()) {
      nodes.stream().filter(n -> kept.isEmpty() || n != kept.get()).map(FdtIndex::phandleOf)
          .flatMap(Optional::stream).forEach(lost::add);
    }
  }

  private static boolean standsAt(FdtAddresses addresses, FdtNode node, FdtWindow its) {
    List<FdtWindow> windows = addresses.windows(node);
    return !windows.isEmpty() && windows.getFirst().base() == its.base();
  }

  /** What the domain has. */
  Optional<HostGic.GivenIts> given() {
    return given;
  }

  /** Names of the node's properties that lead nowhere. */
  Set<String> dropped(FdtNode node) {
    Set<String> dropped = new HashSet<>();
    if (named(node, "msi-map", 1, ROW)) {
      dropped.addAll(List.of("msi-map", "msi-map-mask"));
    }
    if (named(node, "msi-parent", 0, Integer.MAX_VALUE)) {
      dropped.add("msi-parent");
    }
    return dropped;
  }

  private boolean named(FdtNode node, String property, int first, int step) {
    return phandles(node, property, first, step).stream().anyMatch(lost::contains);
  }

  /** Every {@code step}th cell from {@code first} on; none if the property has no whole cells. */
  static List<Integer> phandles(FdtNode node, String property, int first, int step) {
    List<Integer> phandles = new ArrayList<>();
    Optional<FdtProperty> found = node.property(property).filter(p -> p.length() % 4 == 0);
    int count = found.map(FdtProperty::cellCount).orElse(0);
    for (long at = first; at < count; at += step) {
      phandles.add(found.orElseThrow().cell((int) at));
    }
    return phandles;
  }
}
