// SPDX-License-Identifier: EPL-2.0
package org.xenolith.scenario;

import java.util.ArrayList;
import java.util.List;

/** Faults that were injected and haven't ended, the latest last. They are ended in the opposite order. */
final class LastingFaults {
  private final List<Lasting> all = new ArrayList<>();

  private record Lasting(String kind, Runnable end) {}

  void add(String kind, Runnable end) {
    all.add(new Lasting(kind, end));
  }

  boolean any() {
    return !all.isEmpty();
  }

  /** Ends the latest. */
  void mendLast() {
    all.removeLast().end.run();
  }

  /** Ends those of a kind; all if it is empty. */
  void mend(String kind) {
    for (Lasting each : List.copyOf(all).reversed()) {
      if (kind.isEmpty() || each.kind.equals(kind)) {
        all.remove(each);
        each.end.run();
      }
    }
  }

  /** Their machine is no more. */
  void forget() {
    all.clear();
  }

  /** Their kinds. */
  @Override
  public String toString() {
    return String.join(", ", all.stream().map(Lasting::kind).toList());
  }
}
