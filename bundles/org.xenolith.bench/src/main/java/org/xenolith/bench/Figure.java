// SPDX-License-Identifier: EPL-2.0
package org.xenolith.bench;

import java.util.ArrayList;
import java.util.List;

/** One measured thing on both sides. */
final class Figure {
  final BenchPart part;
  /** Unique among all figures, for example {@code boot.second}. */
  final String name;
  final String unit;
  /** What it is, for people. */
  final String says;
  final BenchSamples ours = new BenchSamples();
  final BenchSamples peer = new BenchSamples();
  private final List<Double> mips = new ArrayList<>();
  private String ourSum;
  private String peerSum;

  Figure(BenchPart part, String name, String unit, String says) {
    this.part = part;
    this.name = name;
    this.unit = unit;
    this.says = says;
  }

  void add(boolean isOurs, double value, double load) {
    (isOurs ? ours : peer).add(value, load);
  }

  /** One run of ours executed so many instructions in so many host milliseconds. */
  void instructions(double count, double hostMilliseconds) {
    mips.add(count / hostMilliseconds / 1e3);
  }

  /** The checksum that one run came to. */
  void sum(boolean isOurs, String sum) {
    String before = isOurs ? ourSum : peerSum;
    if (before != null && !before.equals(sum)) {
      throw new IllegalStateException(name + ": the checksum " + sum + " differs from that of the run before, " + before);
    }
    if (isOurs) {
      ourSum = sum;
    } else {
      peerSum = sum;
    }
    if (ourSum != null && peerSum != null && !ourSum.equals(peerSum)) {
      throw new IllegalStateException(name + ": our checksum " + ourSum + " differs from the other side's " + peerSum);
    }
  }

  /** Our median by the peer's: below 1 we are faster or smaller. NaN unless both were measured. */
  double ratio() {
    return ours.median() / peer.median();
  }

  /** Millions of guest instructions per second on our side, or NaN where they were not counted. */
  double mips() {
    return BenchSamples.median(mips);
  }
}
