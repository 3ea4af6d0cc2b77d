// SPDX-License-Identifier: EPL-2.0
package org.xenolith.profile;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How often, by name. */
final class Counts {
  private final Map<String, long[]> counts = new HashMap<>();

  void add(String name) {
    counts.computeIfAbsent(name, n -> new long[1])[0]++;
  }

  boolean isEmpty() { return counts.isEmpty(); }

  /** The most frequent first. */
  List<Map.Entry<String, Long>> list() {
    return counts.entrySet().stream().map(e -> Map.entry(e.getKey(), e.getValue()[0]))
        .sorted(Comparator.comparingLong((Map.Entry<String, Long> e) -> -e.getValue()).thenComparing(Map.Entry::getKey)).toList();
  }
}
