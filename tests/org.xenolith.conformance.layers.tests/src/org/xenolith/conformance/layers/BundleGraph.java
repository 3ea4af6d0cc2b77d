// SPDX-License-Identifier: EPL-2.0
package org.xenolith.conformance.layers;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Which bundle uses which: by packages that it imports, bundles that it requires, and classes that its classes name.
 */
final class BundleGraph {
  /** From a bundle to those that it uses, each with why, for a person. */
  private final SortedMap<String, SortedMap<String, String>> uses = new TreeMap<>();

  private BundleGraph() {}

  /** The graph of built bundles. */
  static BundleGraph of(List<BuiltBundle> bundles, BuiltClasses classes) {
    BundleGraph graph = new BundleGraph();
    classes.references().forEach((from, named) -> {
      for (String to : named) {
        if (classes.bundles().containsKey(to)) {
          graph.add(classes.bundles().get(from), classes.bundles().get(to), from + " names " + to);
        }
      }
    });
    Map<String, String> exporters = new HashMap<>();
    bundles.forEach(bundle -> bundle.exports().keySet().forEach(name -> exporters.put(name, bundle.name())));
    for (BuiltBundle bundle : bundles) {
      for (String name : bundle.imports().keySet()) {
        if (exporters.containsKey(name)) {
          graph.add(bundle.name(), exporters.get(name), "its manifest imports " + name);
        }
      }
      for (String required : bundle.requires()) {
        graph.add(bundle.name(), required, "its manifest requires it");
      }
    }
    return graph;
  }

  private void add(String from, String to, String why) {
    if (!from.equals(to)) {
      uses.computeIfAbsent(from, f -> new TreeMap<>()).putIfAbsent(to, why);
    }
  }

  /** How many uses there are. */
  int size() {
    return uses.values().stream().mapToInt(Map::size).sum();
  }

  /** A circle, drawn; empty if there is none. */
  String circle() {
    Set<String> done = new HashSet<>();
    for (String bundle : uses.keySet()) {
      List<String> circle = circle(bundle, new ArrayList<>(), done);
      if (!circle.isEmpty()) {
        return draw(circle);
      }
    }
    return "";
  }

  private List<String> circle(String bundle, List<String> way, Set<String> done) {
    int begin = way.indexOf(bundle);
    if (begin >= 0) {
      return way.subList(begin, way.size());
    }
    if (!done.contains(bundle)) {
      way.add(bundle);
      for (String used : uses.getOrDefault(bundle, new TreeMap<>()).keySet()) {
        List<String> circle = circle(used, way, done);
        if (!circle.isEmpty()) {
          return circle;
        }
      }
      way.removeLast();
      done.add(bundle);
    }
    return List.of();
  }

  private String draw(List<String> circle) {
    StringBuilder drawn = new StringBuilder("a circle of bundles:\n");
    for (int i = 0; i < circle.size(); i++) {
      String next = circle.get((i + 1) % circle.size());
      drawn.append(i == 0 ? "  ┌→ " : "  │  ").append(circle.get(i)).append('\n');
      drawn.append(i == circle.size() - 1 ? "  └─ uses " : "  │  ↓  uses ").append(next).append(": ").append(uses.get(circle.get(i)).get(
          next)).append('\n');
    }
    return drawn.toString();
  }
}
