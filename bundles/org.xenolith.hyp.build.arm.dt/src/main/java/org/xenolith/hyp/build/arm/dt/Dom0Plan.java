// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.build.arm.dt;

import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtWindow;

/**
 * The hardware domain's tree and what stands behind it.
 *
 * @param tree  what the domain is given
 * @param nodes the host's nodes in the tree's order; below one that was left out or written anew none are listed
 */
record Dom0Plan(Fdt tree, List<HandledNode> nodes) {
  Dom0Plan {
    nodes = List.copyOf(nodes);
  }

  /** All windows to map one to one, in the tree's order; some lie in others. Windows without a size are left out. */
  List<FdtWindow> windows() {
    return resources().flatMap(r -> r.windows().stream()).filter(w -> w.size() != 0).toList();
  }

  /** All interrupts to route, by number, each once. Where nodes share a line the first one's trigger holds. */
  List<RoutedInterrupt> interrupts() {
    TreeMap<Integer, RoutedInterrupt> byNumber = new TreeMap<>();
    resources().flatMap(r -> r.interrupts().stream()).forEach(i -> byNumber.putIfAbsent(i.intid(), i));
    return List.copyOf(byNumber.values());
  }

  private Stream<HandledNode.DeviceResources> resources() {
    return nodes.stream().flatMap(n -> Stream.of(n.own(), n.bus()));
  }
}
