// SPDX-License-Identifier: EPL-2.0
package org.xenolith.platform.loader;

import java.util.List;
import java.util.Optional;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.platform.loader.Topology.Condition;

/**
 * Something that a board can be asked for by name.
 *
 * @param name     its name in a request
 * @param standard its value where nothing asks for another; empty for none
 * @param variants its named values
 * @param kind     what other values it takes
 * @param place    where the file has it, as a fault begins
 */
record Choice(String name, String standard, List<Variant> variants, Kind kind, String place) {
  /** Value of the variant that stands for every kind of host bridge that a bundle brings. */
  static final String ANY = "*";

  /** What values a choice takes besides its variants. */
  sealed interface Kind {}

  /** No others. */
  record Named() implements Kind {}

  /** How many of the root's children of that name stay, the unit address aside. */
  record Count(String nodes) implements Kind {}

  /** A 64-bit number for a property. */
  record Number(String node, String property) implements Kind {}

  /** A kind of host bridge, and the place for it. */
  record Bridge(String node, AddressWindow registers, int firstInterrupt, int interrupts, int phandle, int clock) implements Kind {}

  /** A named value: what it asks of other choices where nothing else is asked for, and its edits. */
  record Variant(String value, List<Condition> implies, List<Edit> edits) {}

  /**
   * A change of a node.
   *
   * @param place      where the file has it, as a fault begins
   * @param node       path of the node
   * @param with       values of other choices that must all hold
   * @param after      property or child behind which new ones go; empty for the end
   * @param properties what the node gets
   * @param nodes      the child nodes that it gets
   * @param removes    properties and child nodes that it loses
   */
  record Edit(String place, String node, List<Condition> with, String after, List<FdtProperty> properties, List<FdtNode> nodes,
      List<String> removes) {}

  /** The variant of that value. */
  Optional<Variant> variant(String value) {
    return variants.stream().filter(v -> v.value().equals(value)).findFirst();
  }
}
