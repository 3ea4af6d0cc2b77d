// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.run;

import java.util.IdentityHashMap;
import java.util.Map;
import org.xenolith.machine.control.Machine.Executed;
import org.xenolith.machine.processors.Turn;

/** Which of the machine's instructions each CPU has executed last, one after another. */
final class LatestExecutions {
  private final Map<Turn, Latest> all = new IdentityHashMap<>();

  /** Counts of the machine's instructions. */
  private static final class Latest {
    private long first;
    private long end;
  }

  /** A CPU has executed instructions from a count on. */
  void ran(Turn turn, long first, long instructions) {
    if (instructions > 0) {
      Latest latest = all.computeIfAbsent(turn, each -> new Latest());
      if (latest.end != first || latest.end == latest.first) {
        latest.first = first;
      }
      latest.end = first + instructions;
    }
  }

  Executed of(Turn turn) {
    Latest latest = all.get(turn);
    return latest == null ? Executed.NOTHING : new Executed(latest.first, latest.end);
  }

  void forget() {
    all.clear();
  }
}
