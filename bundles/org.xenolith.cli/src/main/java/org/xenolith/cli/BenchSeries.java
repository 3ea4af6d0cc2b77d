package org.xenolith.cli;

import java.util.ArrayList;
import java.util.List;

/** One measured thing on both sides. */
final class BenchSeries {
  final String name;
  final String unit;
  private final List<Double> ours = new ArrayList<>();
  private final List<Double> peer = new ArrayList<>();
  private final List<Double> mips = new ArrayList<>();
  private String ourSum;
  private String peerSum;

  BenchSeries(String name, String unit) {
    this.name = name;
    this.unit = unit;
  }

  void add(boolean isOurs, double value) {
    (isOurs ? ours : peer).add(value);
  }

  /** One run of ours executed so many instructions in so many host milliseconds. */
  void instructions(double count, double hostMilliseconds) {
    mips.add(count / hostMilliseconds / 1e3);
  }

  void sum(boolean isOurs, String sum) {
    if (isOurs) {
      ourSum = sum;
    } else {
      peerSum = sum;
    }
    if (ourSum != null && peerSum != null && !ourSum.equals(peerSum)) {
      throw new IllegalStateException(name + ": our checksum " + ourSum + " differs from QEMU's " + peerSum);
    }
  }

  double ours() {
    return median(ours);
  }

  double peer() {
    return median(peer);
  }

  /** Millions of guest instructions per second on our side, or NaN where they were not counted. */
  double mips() {
    return median(mips);
  }

  int runs() {
    return Math.min(ours.size(), peer.size());
  }

  /** Lowest and highest of our runs. */
  String spread() {
    return "%.0f..%.0f".formatted(ours.stream().mapToDouble(d -> d).min().orElse(Double.NaN),
        ours.stream().mapToDouble(d -> d).max().orElse(Double.NaN));
  }

  private static double median(List<Double> values) {
    if (values.isEmpty()) {
      return Double.NaN;
    }
    List<Double> sorted = values.stream().sorted().toList();
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }
}
