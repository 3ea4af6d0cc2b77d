// SPDX-License-Identifier: EPL-2.0
package org.xenolith.ui.workbench;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * What serves a node beside the node's own model: a subsystem of the hypervisor, a function behind a transport.
 *
 * @param name     the role, or the function's id
 * @param instance as the machine calls it: the node's path, and the name after a colon or a {@code #}
 */
record Part(String name, String instance) {
  /**
   * The parts among a machine's instances, by path of their node and in the order of their names.
   *
   * @param node whether there is a node of a path
   */
  static Map<String, List<Part>> byNode(List<String> instances, Predicate<String> node) {
    Map<String, List<Part>> parts = new TreeMap<>();
    for (String instance : instances) {
      // A name may have a colon of its own ("virtio:2"), a node's may too: the node's is the longest path that there is.
      for (int at = instance.length() - 1; at > 0 && !node.test(instance); at--) {
        char mark = instance.charAt(at);
        if ((mark == ':' || mark == '#') && node.test(instance.substring(0, at))) {
          parts.computeIfAbsent(instance.substring(0, at), path -> new ArrayList<>()).add(new Part(instance.substring(at + 1), instance));
          break;
        }
      }
    }
    parts.values().forEach(list -> list.sort(Comparator.comparing(Part::name)));
    return parts;
  }
}
