// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.xenstore;

import java.util.HashMap;
import java.util.Map;

/** How many nodes each domain owns, or how many more than before. */
final class OwnerCount {
  private final Map<Integer, Integer> counts = new HashMap<>();

  /** Counts a node that turns into another one; either may be null. */
  void change(Node before, Node after) {
    if (before != null) {
      counts.merge(before.owner(), -1, OwnerCount::sum);
    }
    if (after != null) {
      counts.merge(after.owner(), 1, OwnerCount::sum);
    }
  }

  int of(int domain) {
    return counts.getOrDefault(domain, 0);
  }

  private static Integer sum(int a, int b) {
    return a + b == 0 ? null : Integer.valueOf(a + b);
  }
}
