// SPDX-License-Identifier: EPL-2.0
package org.xenolith.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** What one side gave for one figure, run by run. */
final class BenchSamples {
  private final List<Double> values = new ArrayList<>();
  private final List<Double> loads = new ArrayList<>();

  /**
   * Adds a run.
   *
   * @param value NaN for what the system does not say: left out
   * @param load the machine's load average just before it; NaN where the system does not say
   */
  void add(double value, double load) {
    if (!Double.isNaN(value)) {
      values.add(value);
      loads.add(load);
    }
  }

  boolean isEmpty() { return values.isEmpty(); }

  List<Double> values() {
    return List.copyOf(values);
  }

  List<Double> loads() {
    return List.copyOf(loads);
  }

  /** The median; NaN without any sample. */
  double median() {
    return median(values);
  }

  double least() {
    return values.isEmpty() ? Double.NaN : Collections.min(values);
  }

  double most() {
    return values.isEmpty() ? Double.NaN : Collections.max(values);
  }

  /** The middle of the values, or of the two in the middle; NaN without any. */
  static double median(List<Double> values) {
    if (values.isEmpty()) {
      return Double.NaN;
    }
    List<Double> sorted = values.stream().sorted().toList();
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }
}
