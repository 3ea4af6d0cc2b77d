// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fdt.source;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;

/** A node while source is read: properties and children in the order in which they came first. */
final class DtsNode {
  final DtsNode parent;
  final String name;
  final Map<String, DtsValue> properties = new LinkedHashMap<>();
  final Map<String, DtsNode> children = new LinkedHashMap<>();
  /** Left out if nothing refers to it ({@code /omit-if-no-ref/}). */
  boolean optional;
  boolean referred;

  DtsNode(DtsNode parent, String name) {
    this.parent = parent;
    this.name = name;
  }

  /** A copy of a tree's node that can be changed. */
  static DtsNode of(DtsNode parent, FdtNode node) {
    DtsNode copy = new DtsNode(parent, node.name());
    node.properties().forEach(property -> copy.properties.put(property.name(), DtsValue.of(property.value())));
    node.children().forEach(child -> copy.children.put(child.name(), of(copy, child)));
    return copy;
  }

  /** The child of that name; one without the unit address that it needs isn't found. */
  DtsNode child(String childName) {
    return children.get(childName);
  }

  String path() {
    return parent == null ? "/" : parent.parent == null ? '/' + name : parent.path() + '/' + name;
  }

  /** The node of a path below this one, or null. */
  DtsNode at(String path) {
    DtsNode node = this;
    for (String step : path.split("/")) {
      if (!step.isEmpty() && node != null) {
        node = node.child(step);
      }
    }
    return node;
  }

  void remove() {
    parent.children.remove(name);
  }

  /** This node when all references are known. */
  FdtNode fixed(DtsReferences references) {
    List<FdtProperty> values = new ArrayList<>();
    properties.forEach((property, value) -> values.add(new FdtProperty(property, value.bytes(references))));
    return new FdtNode(name, values, children.values().stream().filter(child -> !child.optional || child.referred).map(child -> child.fixed(
        references)).toList());
  }
}
