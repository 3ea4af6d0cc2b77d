package org.xenolith.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.xenolith.boot.api.GuestFile;
import org.xenolith.boot.api.GuestImage;
import org.xenolith.boot.api.GuestRequest;
import org.xenolith.boot.api.GuestSource;
import org.xenolith.command.api.BadInput;
import org.xenolith.command.api.ExitCode;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtWriter;
import org.xenolith.launch.api.LaunchRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bench}: the Debian guest's boot and the micro-workloads, in turn with QEMU on the same kernel and tree. */
@Command(name = "bench", mixinStandardHelpOptions = true, sortOptions = false,
    description = "Measures boot and micro-workloads beside QEMU (TCG, cortex-a57), in turn, and prints ratios.")
final class BenchCommand implements Callable<Integer> {
  private static final long MEMORY = 512L << 20;
  private static final String MARKER = "XENOLITH-MARKER";
  private static final String DONE = "XENOLITH-DONE";
  private static final List<String> WORKLOADS = List.of("int", "mem", "sha", "interp", "sysc", "fork", "fp");
  private final Installed installed;

  @Spec private CommandSpec spec;

  @Option(names = "--json", paramLabel = "FILE", description = "Write a list of {name, ours, peer, unit, ratio, runs}.")
  private Path json;

  @Option(names = "--runs", paramLabel = "N", defaultValue = "3", description = "Runs of each side (default: ${DEFAULT-VALUE}).")
  private int runs;

  @Option(names = "--gic", paramLabel = "VERSION", defaultValue = "2", description = "2 or 3 (default: ${DEFAULT-VALUE}).")
  private int gic;

  @Option(names = "--engine", paramLabel = "NAME", description = "CPU engine of ours: interpreter, regions (default: the best installed).")
  private String engine = "";

  @Option(names = "--workloads", paramLabel = "NAMES", split = ",",
      description = "Of int, mem, sha, interp, sysc, fork, fp; or none (default: all).")
  private List<String> workloads = new ArrayList<>(WORKLOADS);

  BenchCommand(Installed installed) {
    this.installed = installed;
  }

  @Override public Integer call() throws Exception {
    check();
    PrintWriter out = spec.commandLine().getOut();
    Path folder = Files.createTempDirectory("xenolith-bench-");
    try {
      measure(folder, out);
    } finally {
      try (var files = Files.walk(folder)) {
        for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
    return ExitCode.DONE;
  }

  /** What can't be meant is said before anything is built or fetched. */
  private void check() {
    if (runs < 1) {
      throw new ParameterException(spec.commandLine(), "--runs " + runs + ": expected 1 or more");
    }
    if (gic != 2 && gic != 3) {
      throw new ParameterException(spec.commandLine(), "--gic " + gic + ": expected 2 or 3");
    }
    for (String name : workloads) {
      if (!WORKLOADS.contains(name) && !workloads.equals(List.of("none"))) {
        throw new ParameterException(spec.commandLine(), "--workloads '" + name + "': expected some of "
            + String.join(", ", WORKLOADS) + "; or none");
      }
    }
    FileOption.requireFolderOf("--json", json);
  }

  private void measure(Path folder, PrintWriter out) throws IOException, InterruptedException {
    boolean work = !workloads.equals(List.of("none"));
    GuestRequest request = work
        ? GuestRequest.PLAIN.withFile(GuestFile.executable("/bin/bench", BenchTools.workloads(folder))) : GuestRequest.PLAIN;
    GuestSource debian = installed.guests().stream().filter(g -> g.name().equals("debian")).findFirst()
        .orElseThrow(() -> new BadInput("bench needs the guest 'debian', whose bundle is not installed"));
    GuestImage image = debian.obtain(line -> spec.commandLine().getErr().println("xenolith: " + line), request);
    Path kernel = Files.write(folder.resolve("Image"), image.kernel());
    Path initrd = Files.write(folder.resolve("initrd"), image.initrd().orElseThrow());
    Path tree = Files.write(folder.resolve("board.dtb"), FdtWriter.write(tree()));
    String append = image.commandLine() + (work ? " xl.bench=" + String.join(",", workloads) : "");

    List<String> ours = List.of(BenchTools.launcher(), "boot", tree.toString(), "--kernel", kernel.toString(), "--initrd",
        initrd.toString(), "--append", append, "--until", DONE, "--limit", "3600", "--engine", engine);
    List<String> peer = List.of(BenchTools.find("qemu-system-aarch64"), "-M", "virt,gic-version=" + gic, "-cpu",
        "cortex-a57", "-m", "512", "-smp", "1", "-nographic", "-no-reboot", "-net", "none", "-dtb", tree.toString(),
        "-kernel", kernel.toString(), "-initrd", initrd.toString(), "-append", append);
    Map<String, BenchSeries> series = new LinkedHashMap<>();
    for (int run = 1; run <= runs; run++) {
      out.printf("run %d of %d: ours%n", run, runs);
      out.flush();
      collect(BenchProcess.run(ours, MARKER, DONE), series, true);
      out.printf("run %d of %d: QEMU%n", run, runs);
      out.flush();
      collect(BenchProcess.run(peer, MARKER, DONE), series, false);
    }
    BenchReport report = new BenchReport(series);
    report.print(out);
    if (json != null) {
      report.write(json);
    }
  }

  /** The reference board's tree as our machine would give it to the guest: what no model serves is disabled. */
  private Fdt tree() {
    return installed.launcher().guestTree(LaunchRequest.of("virt").memory(MEMORY).gic(gic).build());
  }

  private static void collect(BenchProcess.Times times, Map<String, BenchSeries> series, boolean ours) {
    times.milliseconds().forEach((name, value) -> series.computeIfAbsent(name, n -> new BenchSeries(n, "ms"))
        .add(ours, value));
    if (ours) {
      times.guestMilliseconds().forEach((name, value) -> {
        Double host = times.milliseconds().get(name);
        if (host != null) {
          series.get(name).instructions(value * 1e6, host);
        }
      });
    }
    times.sums().forEach((name, sum) -> series.get(name).sum(ours, sum));
  }
}
