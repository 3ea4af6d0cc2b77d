// SPDX-License-Identifier: EPL-2.0
package org.xenolith.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.xenolith.boot.api.FirmwareKind;
import org.xenolith.boot.api.GuestSource;
import org.xenolith.command.api.BadInput;
import org.xenolith.command.api.ExitCode;
import org.xenolith.command.kit.FileOption;
import org.xenolith.launch.api.Launcher;
import org.xenolith.machine.kit.ProcessorFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bench}: measures in turn with QEMU, on the same kernel and tree. */
@Command(name = "bench", mixinStandardHelpOptions = true, sortOptions = false,
    description = "Measures beside QEMU (TCG), in turn: medians, spread, ratios. docs/bench.md explains the figures.",
    footer = {"", "bench --inner [ARGUMENT...] measures inner parts instead, with JMH: see tests/org.xenolith.inner/README.md."})
final class BenchCommand implements Callable<Integer> {
  private final Launcher launcher;
  private final List<GuestSource> guests;
  private final List<FirmwareKind> firmware;
  private final List<ProcessorFactory> processors;

  @Spec
  private CommandSpec spec;

  @Option(names = "--only", paramLabel = "PARTS", split = ",",
      description = "Of ${COMPLETION-CANDIDATES} (default: all but disks, uefi, layers, window, growth, pc and pvh).")
  private List<BenchPart> only = BenchPart.usual();

  @Option(names = "--runs", paramLabel = "N", defaultValue = "5", description = "Runs of each side (default: ${DEFAULT-VALUE}).")
  private int runs;

  @Option(names = "--passes", paramLabel = "N", defaultValue = "4",
      description = "Passes of each workload in a run; the first is told apart (default: ${DEFAULT-VALUE}).")
  private int passes;

  @Option(names = "--workloads", paramLabel = "NAMES", split = ",",
      description = "Of int, mem, sha, interp, sysc, fork, fp; or none (default: all).")
  private List<String> workloads = WorkloadMeasurement.ALL;

  @Option(names = "--gic", paramLabel = "VERSION", defaultValue = "2", description = "2 or 3 (default: ${DEFAULT-VALUE}).")
  private int gic;

  @Option(names = "--engine", paramLabel = "NAME",
      description = "CPU engine of ours: interpreter, machinecode, regions (default: the best installed).")
  private String engine = "";

  @Option(names = "--json", paramLabel = "FILE", description = "Write all figures with every run.")
  private Path json;

  @Option(names = "--history", paramLabel = "FILE",
      description = "Where results are kept, one on each line (default: bench/history.jsonl in the folder of downloads).")
  private Path history;

  @Option(names = "--page", paramLabel = "FILE", description = "Write the result with the history as charts; needs no network. A name"
      + " that ends in .md gets a table without them.")
  private Path page;

  BenchCommand(Launcher launcher, List<GuestSource> guests, List<FirmwareKind> firmware, List<ProcessorFactory> processors) {
    this.launcher = launcher;
    this.guests = guests;
    this.firmware = firmware;
    this.processors = processors;
  }

  @Override
  public Integer call() throws Exception {
    check();
    PrintWriter out = spec.commandLine().getOut();
    History kept = History.in(history);
    kept.all(); // a file that is none is said now
    Path folder = Files.createTempDirectory(Path.of(System.getProperty("xenolith.temporary", System.getProperty("java.io.tmpdir"))),
        "bench-");
    try {
      Figures figures = measure(measurements(folder), out);
      Result result = new Result(Result.SCHEMA, Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(), commit(), Host.here(), cpus(),
          PeerTools.says(PeerTools.qemu(), "--version"), new Result.Options(runs, engine, gic), Result.rows(figures));
      ResultTable.print(result, out);
      if (json != null) {
        result.write(json);
      }
      kept.add(result);
      if (page != null && page.toString().endsWith(ResultMarkdown.SUFFIX)) {
        ResultMarkdown.write(page, result);
      } else if (page != null) {
        ResultPage.write(page, result, kept.like(result));
      }
    } finally {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
    return ExitCode.DONE;
  }

  /** Nothing that is measured asks for a CPU by name. */
  private List<String> cpus() {
    return processors.stream().map(ProcessorFactory::standard).filter(name -> !name.isEmpty()).distinct().sorted().toList();
  }

  /** What can't be meant is said before anything is built or fetched. */
  private void check() {
    if (runs < 1) {
      bad("--runs " + runs + ": expected 1 or more");
    }
    if (passes < 2) {
      bad("--passes " + passes + ": expected 2 or more, a first one and later ones");
    }
    if (gic != 2 && gic != 3) {
      bad("--gic " + gic + ": expected 2 or 3");
    }
    if (!workloads.equals(List.of("none"))) {
      workloads.stream().filter(name -> !WorkloadMeasurement.ALL.contains(name)).findFirst().ifPresent(name -> bad("--workloads '" + name
          + "': expected some of " + String.join(", ", WorkloadMeasurement.ALL) + "; or none"));
    }
    FileOption.requireFolderOf("json", json);
    FileOption.requireFolderOf("page", page);
  }

  private void bad(String message) {
    throw new ParameterException(spec.commandLine(), message);
  }

  private List<Measurement> measurements(Path folder) throws IOException, InterruptedException {
    TestBed bed = new TestBed(launcher, guest("debian"), folder, engine, gic,
        line -> spec.commandLine().getErr().println("xenolith: " + line));
    Set<BenchPart> parts = EnumSet.copyOf(only);
    if (workloads.equals(List.of("none"))) {
      parts.remove(BenchPart.WORKLOADS);
    }
    List<Measurement> measurements = new ArrayList<>();
    for (BenchPart part : parts) {
      switch (part) {
        case BOOT -> measurements.addAll(List.of(BootMeasurement.bare(bed), BootMeasurement.bareFromNothing(bed), BootMeasurement
            .bareByDefault(bed)));
        case DOM0 -> measurements.add(BootMeasurement.dom0(bed));
        case OPENSSL -> measurements.add(new CipherMeasurement(bed));
        case WORKLOADS -> measurements.add(WorkloadMeasurement.of(bed, workloads.stream().distinct().toList(), passes));
        case EXITS -> measurements.addAll(List.of(ExitMeasurement.bare(bed), ExitMeasurement.dom0(bed)));
        case START -> measurements.add(new StartMeasurement(bed));
        case PCI -> measurements.addAll(List.of(PciMeasurement.bare(bed), EnumerationMeasurement.bare(bed),
            PciMeasurement.domain(bed)));
        case ACPI -> measurements.add(new DescriptionMeasurement(bed));
        case DISKS -> measurements.addAll(DiskMeasurement.all(bed));
        case UEFI -> measurements.add(FirmwareMeasurement.ofFlash(bed, firmware));
        case LAYERS -> measurements.add(FirmwareMeasurement.ofLayers(bed));
        case WINDOW -> measurements.add(new WindowMeasurement());
        case PC -> {
          PcBed pc = new PcBed(bed, guest("debian-amd64-cloud"));
          measurements.addAll(List.of(BootMeasurement.pc(pc), BootMeasurement.pcFromNothing(pc)));
          measurements.add(WorkloadMeasurement.of(pc, workloads.stream().distinct().toList(), passes));
        }
        case PVH -> {
          PvhBed pvh = new PvhBed(bed);
          measurements.addAll(List.of(ExitMeasurement.pvh(pvh), new PvhBootMeasurement(pvh, guest("debian-amd64"))));
        }
        case GROWTH -> measurements.add(new GrowthMeasurement(bed));
      }
    }
    return measurements;
  }

  private GuestSource guest(String name) {
    return guests.stream().filter(guest -> guest.name().equals(name)).findFirst().orElseThrow(() -> new BadInput("bench needs the guest '"
        + name + "', whose bundle is not installed"));
  }

  /** Each run goes through all that is measured, on both sides in turn, so that a slow hour of the machine hits all alike. */
  private Figures measure(List<Measurement> measurements, PrintWriter out) throws IOException, InterruptedException {
    Figures figures = new Figures();
    for (int run = 1; run <= runs; run++) {
      for (Measurement measurement : measurements) {
        for (boolean ours : new boolean[] {true, false}) {
          out.printf("run %d of %d: %s, %s%n", run, runs, measurement, ours ? "ours" : measurement.peer());
          out.flush();
          measurement.run(ours, figures);
        }
      }
    }
    return figures;
  }

  private static String commit() throws InterruptedException {
    return PeerTools.says("git", "describe", "--always", "--abbrev=12", "--dirty", "--exclude=*");
  }
}
