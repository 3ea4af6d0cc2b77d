// SPDX-License-Identifier: EPL-2.0
package org.xenolith.bench;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** All that a bench has measured. */
final class Figures {
  private final Map<String, Figure> byName = new LinkedHashMap<>();

  /** The figure of this name, new if there is none yet. */
  Figure of(BenchPart part, String name, String unit, String says) {
    return byName.computeIfAbsent(part + "." + name, full -> new Figure(part, full, unit, says));
  }

  /** All of them by part, else in the order in which they first came. */
  List<Figure> all() {
    return byName.values().stream().sorted(Comparator.comparing(figure -> figure.part)).toList();
  }
}
