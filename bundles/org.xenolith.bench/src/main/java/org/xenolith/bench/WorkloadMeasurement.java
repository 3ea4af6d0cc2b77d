// SPDX-License-Identifier: EPL-2.0
package org.xenolith.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.xenolith.bench.TestBed.GuestFiles;
import org.xenolith.boot.api.GuestFile;

/**
 * The micro-workloads in one boot of the Debian guest, each some times in a row, every time as a new process of the guest:
 * the first pass, while the host still has everything to translate, apart from the steady state of the later ones.
 */
final class WorkloadMeasurement implements Measurement {
  /** All workloads, as {@code tests/guest-workloads/workloads.c} has them. */
  static final List<String> ALL = List.of("int", "mem", "sha", "interp", "sysc", "fork", "fp");
  private static final Pattern START = Pattern.compile("BENCH-START (\\w+)");
  private static final Pattern END = Pattern.compile("BENCH (\\w+) ([0-9.]+) ms sum=(\\w+)");
  private static final int MEMORY = 512;
  private final BenchPart part;
  private final GuestLines lines;
  private final int count;

  private WorkloadMeasurement(BenchPart part, GuestLines lines, int count) {
    this.part = part;
    this.lines = lines;
    this.count = count;
  }

  /**
   * Prepares the guest.
   *
   * @param names  some of {@link #ALL}
   * @param passes how often each is run, 2 or more
   */
  static WorkloadMeasurement of(TestBed bed, List<String> names, int passes) throws IOException, InterruptedException {
    GuestFiles guest = bed.debian("workloads", GuestFile.executable("/bin/bench", PeerTools.workloads(bed.folder(), "workloads.c")));
    Path tree = bed.file("workloads", bed.tree(MEMORY, false));
    return new WorkloadMeasurement(BenchPart.WORKLOADS, GuestLines.of(bed, guest, MEMORY, tree, guest.commandLine() + words(names, passes)),
        names.size() * passes);
  }

  /** The same on a PC. */
  static WorkloadMeasurement of(PcBed bed, List<String> names, int passes) throws IOException, InterruptedException {
    return new WorkloadMeasurement(BenchPart.PC, bed.lines("workloads", words(names, passes), GuestFile.executable("/bin/bench", PeerTools
        .pcWorkloads(bed.folder(), "workloads.c"))), names.size() * passes);
  }

  private static String words(List<String> names, int passes) {
    return " xl.bench=" + names.stream().flatMap(name -> Collections.nCopies(passes, name).stream()).collect(Collectors.joining(","));
  }

  /** One pass. @param host milliseconds of the host, @param guest of the guest's clock */
  record Pass(double host, double guest, String sum) {}

  @Override
  public String toString() {
    return part == BenchPart.WORKLOADS ? part.toString() : "workloads of a " + part;
  }

  @Override
  public void run(boolean isOurs, Figures figures) throws IOException, InterruptedException {
    EmulatorRun run = lines.toItsEnd(isOurs);
    Map<String, List<Pass>> passes = passes(run.lines());
    int seen = passes.values().stream().mapToInt(List::size).sum();
    if (seen != count) {
      throw new IllegalStateException("the guest finished " + seen + " of " + count + " workloads");
    }
    passes.forEach((name, list) -> {
      Figure first = figures.of(part, name + ".first", "ms", name + ", first pass");
      Figure steady = figures.of(part, name + ".steady", "ms", name + ", later passes");
      list.forEach(pass -> first.sum(isOurs, pass.sum));
      add(first, isOurs, list.subList(0, 1), run.load());
      add(steady, isOurs, list.subList(1, list.size()), run.load());
    });
  }

  /** The passes of each workload, in the order of their first. */
  static Map<String, List<Pass>> passes(List<EmulatorRun.Line> lines) {
    Map<String, List<Pass>> passes = new LinkedHashMap<>();
    double from = Double.NaN;
    for (EmulatorRun.Line line : lines) {
      Matcher end = END.matcher(line.text());
      if (START.matcher(line.text()).find()) {
        from = line.milliseconds();
      } else if (end.find()) {
        passes.computeIfAbsent(end.group(1), none -> new ArrayList<>())
            .add(new Pass(line.milliseconds() - from, Double.parseDouble(end.group(2)), end.group(3)));
      }
    }
    return passes;
  }

  private static void add(Figure figure, boolean isOurs, List<Pass> passes, double load) {
    double host = BenchSamples.median(passes.stream().map(Pass::host).toList());
    figure.add(isOurs, host, load);
    if (isOurs) {
      // Our guest's clock counts instructions, one a nanosecond.
      figure.instructions(BenchSamples.median(passes.stream().map(Pass::guest).toList()) * 1e6, host);
    }
  }
}
