// SPDX-License-Identifier: EPL-2.0
package org.xenolith.platform.loader;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** An element of a topology file, with the line in which it begins. */
final class TopologyElement {
  /** Type of the element in the topology model ({@code xsi:type}) where the file says it, without prefix; else empty. */
  final String type;
  final String name;
  final int line;
  final Map<String, String> attributes;
  final List<TopologyElement> children = new ArrayList<>();
  final StringBuilder text = new StringBuilder();

  TopologyElement(String name, String type, int line, Map<String, String> attributes) {
    this.name = name;
    this.type = type;
    this.line = line;
    this.attributes = new LinkedHashMap<>(attributes);
  }

  /** The value of an attribute; empty if it isn't there. */
  String attribute(String attribute) {
    return attributes.getOrDefault(attribute, "").strip();
  }

  /** The children of that name. */
  List<TopologyElement> all(String child) {
    return children.stream().filter(c -> c.name.equals(child)).toList();
  }

  /** How a fault in it begins. */
  String place() {
    return "line " + line + ", <" + name + (attribute("name").isEmpty() ? "" : " name=\"" + attribute("name") + "\"") + ">: ";
  }
}
