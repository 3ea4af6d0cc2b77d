// SPDX-License-Identifier: EPL-2.0
package org.xenolith.bench;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.xenolith.bench.WorkloadMeasurement.Pass;

/**
 * A workload of {@code tests/guest-workloads/pci.c}, which is run some times in a boot: in the first pass the host translates, so that it isn't
 * counted.
 *
 * @param rounds of it in one pass
 * @param scale  from milliseconds to the unit
 * @param waits  whether the guest's clock also counts time in which it waits, so that it doesn't tell instructions
 * @param says   what a round is, for people
 */
record RepeatedWorkload(String name, int rounds, String unit, double scale, boolean waits, String says) {
  /** Reads of a disk: these are the same wherever it is. */
  static final List<RepeatedWorkload> READS = List.of(
      new RepeatedWorkload("seq", 64, "us", 1e3, true, "1 MiB of sequential reads, 128 KiB each"),
      new RepeatedWorkload("rand", 8_000, "us", 1e3, true, "a random read of 4 KiB"));
  private static final int PASSES = 3;

  /** What the guest is told to run. */
  static String order(List<RepeatedWorkload> works) {
    return works.stream().flatMap(work -> Collections.nCopies(PASSES, work.name).stream()).collect(Collectors.joining(","));
  }

  /**
   * Adds what one boot gave for it.
   *
   * @param prefix of the figure's name
   * @param where  before what it says, for people
   * @throws IllegalStateException if the guest didn't finish it so often
   */
  void add(BenchPart part, String prefix, String where, boolean isOurs, EmulatorRun run, Figures figures) {
    Map<String, List<Pass>> passes = WorkloadMeasurement.passes(run.lines());
    List<Pass> all = passes.getOrDefault(name, List.of());
    if (all.size() != PASSES) {
      throw new IllegalStateException("the guest finished '" + name + "' " + all.size() + " of " + PASSES + " times");
    }
    Figure figure = figures.of(part, prefix + name, unit, where + says);
    all.forEach(pass -> figure.sum(isOurs, pass.sum()));
    double host = BenchSamples.median(all.subList(1, PASSES).stream().map(Pass::host).toList());
    figure.add(isOurs, host * scale / rounds, run.load());
    if (isOurs && !waits) {
      figure.instructions(BenchSamples.median(all.subList(1, PASSES).stream().map(Pass::guest).toList()) * 1e6, host);
    }
  }
}
