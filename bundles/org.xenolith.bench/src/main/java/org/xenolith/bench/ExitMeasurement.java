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
  /** On a PC an exit takes QEMU and Xen so much longer than us that as many rounds would take minutes. */
  private static final int OURS_SHIFT = 6;
  private static final int XEN_SHIFT = 2;
  private final BenchPart part;
  /** Of the figures' names, behind the part. */
  private final String prefix;
  private final boolean dom0;
  private final List<ProbeLoop> works;
  private final Side ours;
  private final Side peer;
  /** What the peer's guest says when it is done; empty if it ends the process. */
  private final String end;

  /** @param shift how much more often each work is done, as a power of two */
  private record Side(List<String> command, int shift) {
    Side(List<String> command) {
      this(command, 0);
    }
  }

  private ExitMeasurement(BenchPart part, String prefix, boolean dom0, List<ProbeLoop> works, Side ours, Side peer, String end) {
    this.part = part;
    this.prefix = prefix;
    this.dom0 = dom0;
    this.works = works;
    this.ours = ours;
    this.peer = peer;
    this.end = end;
  }

  /** On bare metal. */
  static ExitMeasurement bare(TestBed bed) throws IOException, InterruptedException {
    Path image = Files.write(bed.folder().resolve("probe.Image"), ProbeGuest.image(false, bed.gic()));
    Path tree = bed.file("probe", bed.tree(MEMORY, false));
    return new ExitMeasurement(BenchPart.EXITS, "bare.", false, ProbeGuest.works(false), new Side(bed.ours(tree, "--kernel", image)),
        new Side(bed.qemu(MEMORY, false, tree, "-kernel", image)), "");
  }

  /** As Dom0 of our hypervisor, and of Debian's Xen. */
  static ExitMeasurement dom0(TestBed bed) throws IOException, InterruptedException {
    Path image = Files.write(bed.folder().resolve("probe-dom0.Image"), ProbeGuest.image(true, bed.gic()));
    return new ExitMeasurement(BenchPart.EXITS, "dom0.", true, ProbeGuest.works(true), new Side(bed.oursDom0("--kernel", image)),
        new Side(bed.xen("probe-dom0", image, Optional.empty(), "probe")), "");
  }

  /** As a PC's Dom0, which on Xen can't end QEMU but by ACPI. */
  static ExitMeasurement pvh(PvhBed bed) throws IOException, InterruptedException {
    Path image = Files.write(bed.folder().resolve("probe-pvh.elf"), PcProbeGuest.image());
    return new ExitMeasurement(BenchPart.PVH, "", true, PcProbeGuest.works(), new Side(bed.ours(image, Optional.empty(), Integer
        .toString(OURS_SHIFT)), OURS_SHIFT), new Side(bed.xen(image, Optional.empty(), Integer.toString(XEN_SHIFT)), XEN_SHIFT),
        PcProbeGuest.DONE);
  }

  @Override
  public String toString() {
    return part == BenchPart.EXITS ? part + (dom0 ? " of a Dom0" : "") : part + ", exits";
  }

  @Override
  public void run(boolean isOurs, Figures figures) throws IOException, InterruptedException {
    Side side = isOurs ? ours : peer;
    EmulatorRun run = isOurs || end.isEmpty() ? EmulatorRun.toItsEnd(side.command, TestBed.MARKER) : EmulatorRun.toTheMarker(side.command,
        end);
    Map<String, List<Double>> times = times(run);
    double loop = each(times, ProbeLoop.EMPTY, side.shift);
    for (ProbeLoop work : works) {
      if (work != ProbeLoop.EMPTY) {
        figures.of(part, prefix + work.name(), "ns", (dom0 ? "Dom0: " : "") + work.says()).add(isOurs, each(times, work, side.shift) - loop,
            run
                .load());
      }
    }
  }

  /** Nanoseconds of one time, the loop around it included: the least of the rounds after the first, in which the host translates. */
  private static double each(Map<String, List<Double>> times, ProbeLoop work, int shift) {
    List<Double> rounds = times.getOrDefault(work.name(), List.of());
    if (rounds.size() != ProbeLoop.ROUNDS) {
      throw new IllegalStateException("the probe guest finished '" + work.name() + "' " + rounds.size() + " times");
    }
    return Collections.min(rounds.subList(1, rounds.size())) * 1e6 / ((long) work.times() << shift);
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
