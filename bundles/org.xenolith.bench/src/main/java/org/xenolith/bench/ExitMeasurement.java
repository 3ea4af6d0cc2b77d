// SPDX-License-Identifier: EPL-2.0
package org.xenolith.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What it costs to leave the CPU's own work for a device, the interrupt controller, the firmware or the hypervisor. */
final class ExitMeasurement implements Measurement {
  private static final int MEMORY = 256;
  private final boolean dom0;
  private final List<String> ours;
  private final List<String> peer;

  private ExitMeasurement(boolean dom0, List<String> ours, List<String> peer) {
    this.dom0 = dom0;
    this.ours = ours;
    this.peer = peer;
  }

  /** On bare metal. */
  static ExitMeasurement bare(TestBed bed) throws IOException, InterruptedException {
    Path image = Files.write(bed.folder().resolve("probe.Image"), ProbeGuest.image(false, bed.gic()));
    Path tree = bed.file("probe", bed.tree(MEMORY, false));
    return new ExitMeasurement(false, bed.ours(tree, "--kernel", image), bed.qemu(MEMORY, false, tree, "-kernel", image));
  }

  /** As Dom0 of our hypervisor, and of Debian's Xen. */
  static ExitMeasurement dom0(TestBed bed) throws IOException, InterruptedException {
    Path image = Files.write(bed.folder().resolve("probe-dom0.Image"), ProbeGuest.image(true, bed.gic()));
    return new ExitMeasurement(true, bed.oursDom0("--kernel", image), bed.xen("probe-dom0", image, Optional.empty(), "probe"));
  }

  @Override
  public String toString() {
    return BenchPart.EXITS + (dom0 ? " of a Dom0" : "");
  }

  @Override
  public void run(boolean isOurs, Figures figures) throws IOException, InterruptedException {
    EmulatorRun run = EmulatorRun.toItsEnd(isOurs ? ours : peer, TestBed.MARKER);
    Map<String, List<Double>> times = times(run);
    double loop = each(times, ProbeGuest.EMPTY);
    for (ProbeGuest.Work work : ProbeGuest.works(dom0)) {
      if (work != ProbeGuest.EMPTY) {
        figures.of(BenchPart.EXITS, (dom0 ? "dom0." : "bare.") + work.name(), "ns", (dom0 ? "Dom0: " : "") + work.says())
            .add(isOurs, each(times, work) - loop, run.load());
      }
    }
  }

  /** Nanoseconds of one time, the loop around it included: the least of the rounds after the first, in which the host translates. */
  private static double each(Map<String, List<Double>> times, ProbeGuest.Work work) {
    List<Double> rounds = times.getOrDefault(work.name(), List.of());
    if (rounds.size() != ProbeGuest.ROUNDS) {
      throw new IllegalStateException("the probe guest finished '" + work.name() + "' " + rounds.size() + " times");
    }
    return Collections.min(rounds.subList(1, rounds.size())) * 1e6 / work.times();
  }

  /** Host milliseconds of each work, round by round. */
  private static Map<String, List<Double>> times(EmulatorRun run) {
    Map<String, Double> started = new HashMap<>();
    Map<String, List<Double>> times = new HashMap<>();
    for (EmulatorRun.Line line : run.lines()) {
      int space = line.text().lastIndexOf(' ');
      String name = line.text().substring(space + 1);
      if (line.text().endsWith("PROBE " + name)) {
        started.put(name, line.milliseconds());
      } else if (line.text().endsWith("PROBED " + name) && started.containsKey(name)) {
        times.computeIfAbsent(name, none -> new ArrayList<>()).add(line.milliseconds() - started.get(name));
      }
    }
    return times;
  }
}
