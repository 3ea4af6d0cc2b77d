// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.run;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.TreeMap;

/** What is to be done at counts of instructions; of those for the same one the first that was given comes first. */
final class DueActions {
  private final TreeMap<Long, Queue<Runnable>> all = new TreeMap<>();
  private long next = Long.MAX_VALUE;

  void add(long instructions, Runnable action) {
    all.computeIfAbsent(instructions, at -> new ArrayDeque<>()).add(action);
    next = all.firstKey();
  }

  /** When the next is due; {@link Long#MAX_VALUE} if none is. */
  long next() {
    return next;
  }

  /** Takes those that are due. */
  Queue<Runnable> take(long instructions) {
    Queue<Runnable> due = new ArrayDeque<>();
    while (!all.isEmpty() && all.firstKey() <= instructions) {
      due.addAll(all.pollFirstEntry().getValue());
    }
    next = all.isEmpty() ? Long.MAX_VALUE : all.firstKey();
    return due;
  }
}
