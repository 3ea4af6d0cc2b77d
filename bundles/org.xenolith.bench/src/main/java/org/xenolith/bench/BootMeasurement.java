// SPDX-License-Identifier: EPL-2.0
package org.xenolith.bench;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.xenolith.bench.TestBed.GuestFiles;
import org.xenolith.fdt.Fdt;

/**
 * Boots of the Debian guest to its marker: ours twice in one process, the peer's once. The peer's figure is always that of its
 * whole process: its own start is a part of it.
 */
final class BootMeasurement implements Measurement {
  private static final int MEMORY = 512;
  private static final String DEFAULT = "default.";
  private static final String EMPTY = "empty.";
  private static final String FLAGS = "XENOLITH_JAVA_OPTS";

  private final BenchPart part;
  /** Of the figures' names, behind the part. */
  private final String prefix;
  private final List<String> ours;
  private final List<String> peer;
  private final Path report;

  private BootMeasurement(BenchPart part, String prefix, Path report, List<String> ours, List<String> peer) {
    this.part = part;
    this.prefix = prefix;
    this.report = report;
    this.ours = new ArrayList<>(ours);
    this.ours.addAll(List.of("--until", TestBed.MARKER, "--times", "2", "--report", report.toString()));
    this.peer = peer;
  }

  /** Bare metal with 512 MiB. */
  static BootMeasurement bare(TestBed bed) throws IOException, InterruptedException {
    return bare(bed, "", bed.tree(MEMORY, false));
  }

  /** The same on the board as it is by default. */
  static BootMeasurement bareByDefault(TestBed bed) throws IOException, InterruptedException {
    return bare(bed, DEFAULT, bed.defaultTree(MEMORY));
  }

  /** The first again, without what other runs have kept of translated code. */
  static BootMeasurement bareFromNothing(TestBed bed) throws IOException, InterruptedException {
    return fromNothing(bare(bed, EMPTY, bed.tree(MEMORY, false)));
  }

  private static BootMeasurement fromNothing(BootMeasurement boot) {
    boot.ours.addAll(0, List.of("env", FLAGS + "=" + Objects.requireNonNullElse(System.getenv(FLAGS), "")
        + " -Dxenolith.translations=off"));
    return boot;
  }

  private static BootMeasurement bare(TestBed bed, String prefix, Fdt board) throws IOException, InterruptedException {
    GuestFiles guest = bed.debian(prefix + "boot");
    Path tree = bed.file(prefix + "boot", board);
    GuestLines lines = GuestLines.of(bed, guest, MEMORY, tree, guest.commandLine());
    return new BootMeasurement(BenchPart.BOOT, prefix, bed.folder().resolve(prefix + "boot.json"), lines.ours(), lines.peer());
  }

  /** On a PC. */
  static BootMeasurement pc(PcBed bed) throws IOException, InterruptedException {
    return pc(bed, "");
  }

  /** The same without what other runs have kept of translated code. */
  static BootMeasurement pcFromNothing(PcBed bed) throws IOException, InterruptedException {
    return fromNothing(pc(bed, EMPTY));
  }

  private static BootMeasurement pc(PcBed bed, String prefix) throws IOException, InterruptedException {
    GuestLines lines = bed.lines(prefix + "boot", "");
    return new BootMeasurement(BenchPart.PC, prefix, bed.folder().resolve("pc-" + prefix + "boot.json"), lines.ours(), lines.peer());
  }

  /** As Dom0: on our hypervisor, and on Debian's Xen on QEMU. */
  static BootMeasurement dom0(TestBed bed) throws IOException, InterruptedException {
    GuestFiles guest = bed.debian("dom0");
    String words = guest.commandLine().replaceFirst("console=ttyAMA0", "console=hvc0");
    return new BootMeasurement(BenchPart.DOM0, "", bed.folder().resolve("dom0.json"),
        bed.oursDom0("--kernel", guest.kernel(), "--initrd", guest.initrd(), "--append", words),
        bed.xen("dom0", guest.kernel(), Optional.of(guest.initrd()), words));
  }

  @Override
  public String toString() {
    return part + (prefix.isEmpty() ? "" : prefix.equals(EMPTY) ? " without kept code" : " of the default board");
  }

  @Override
  public void run(boolean isOurs, Figures figures) throws IOException, InterruptedException {
    EmulatorRun run = isOurs ? EmulatorRun.toItsEnd(ours, TestBed.MARKER) : EmulatorRun.toTheMarker(peer, TestBed.MARKER);
    Figure process = figure(figures, "process", "ms", "to the marker, whole process");
    Figure first = figure(figures, "guest", "ms", "the same without our start");
    Figure second = figure(figures, "second", "ms", "second boot in our process");
    Figure memory = figure(figures, "memory", "MiB", "peak resident memory at the marker");
    process.add(isOurs, run.marker(), run.load());
    memory.add(isOurs, run.peakMemory(), run.load());
    if (isOurs) {
      var boots = seconds();
      first.add(true, boots.get(0) * 1e3, run.load());
      second.add(true, boots.get(1) * 1e3, run.load());
    } else {
      first.add(false, run.marker(), run.load());
      second.add(false, run.marker(), run.load());
    }
  }

  private Figure figure(Figures figures, String name, String unit, String says) {
    return figures.of(part, prefix + name, unit, (prefix.isEmpty() ? "" : prefix.equals(EMPTY) ? "no kept code: " : "default board: ")
        + says);
  }

  private List<Double> seconds() throws IOException {
    JsonObject told = JsonParser.parseString(Files.readString(report)).getAsJsonObject();
    return told.getAsJsonArray("bootSeconds").asList().stream().map(element -> element.getAsDouble()).toList();
  }
}
