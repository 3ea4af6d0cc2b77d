// SPDX-License-Identifier: EPL-2.0
package org.xenolith.pci.api;

import java.util.List;
import java.util.stream.Stream;

/**
 * What is known of a host bridge that has a model.
 *
 * @param node      path of its node
 * @param bundle    symbolic name of the bundle that serves it
 * @param segment   {@code linux,pci-domain}, or its place among the tree's host bridges
 * @param bus       number of its root bus
 * @param ranges    its windows from the CPUs to the bus; empty if the property is malformed
 * @param functions what is on its root bus, by place
 */
public record PciHostFacts(String node, String bundle, int segment, int bus, List<PciRange> ranges, List<PciFunctionFacts> functions) {
  /** Copies the lists. */
  public PciHostFacts {
    ranges = List.copyOf(ranges);
    functions = List.copyOf(functions);
  }

  /** All functions behind it, in order. */
  public Stream<PciFunctionFacts> all() {
    return functions.stream().flatMap(PciFunctionFacts::all);
  }

  /** A line for people, without what is behind it. */
  public String summary() {
    return node + "  " + bundle;
  }
}
