// SPDX-License-Identifier: EPL-2.0
package org.xenolith.bench;

import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.xenolith.bench.TestBed.GuestFiles;
import org.xenolith.boot.api.GuestSource;

/** Debian's boot on a PC to its marker in three ways, in turn: as Dom0 of our hypervisor, as Dom0 of Debian's Xen on QEMU, and on our machine without a hypervisor. */
final class PvhBootMeasurement implements Measurement {
  private final List<String> dom0;
  private final List<String> bare;
  private final List<String> xen;
  private final Path report;

  /** @param debian its kernel that can be a Dom0, for amd64 */
  PvhBootMeasurement(PvhBed bed, GuestSource debian) throws IOException, InterruptedException {
    GuestFiles guest = bed.debian(debian);
    report = bed.folder().resolve("pvh.json");
    String words = guest.commandLine().replaceFirst("console=ttyS0", "console=hvc0");
    String[] twice = {"--until", TestBed.MARKER, "--times", "2", "--report", report.toString()};
    dom0 = bed.ours(guest.kernel(), Optional.of(guest.initrd()), words, twice);
    bare = bed.bare(guest, twice);
    xen = bed.xen(guest.kernel(), Optional.of(guest.initrd()), words);
  }

  @Override
  public String toString() {
    return BenchPart.PVH + ", boots";
  }

  @Override
  public String peer() {
    return "QEMU, and ours without hypervisor";
  }

  @Override
  public void run(boolean isOurs, Figures figures) throws IOException, InterruptedException {
    EmulatorRun run = isOurs ? EmulatorRun.toItsEnd(dom0, TestBed.MARKER) : EmulatorRun.toTheMarker(xen, TestBed.MARKER);
    List<Double> boots = isOurs ? seconds() : List.of();
    figures.of(BenchPart.PVH, "boot.process", "ms", "Debian as Dom0 to the marker, whole process").add(isOurs, run.marker(), run.load());
    figures.of(BenchPart.PVH, "boot.guest", "ms", "the same without our start").add(isOurs, isOurs ? boots.get(0) * 1e3 : run.marker(), run
        .load());
    figures.of(BenchPart.PVH, "boot.second", "ms", "second boot in our process").add(isOurs, isOurs ? boots.get(1) * 1e3 : run.marker(), run
        .load());
    figures.of(BenchPart.PVH, "boot.memory", "MiB", "peak resident memory at the marker").add(isOurs, run.peakMemory(), run.load());
    double load = run.load();
    if (!isOurs) {
      load = EmulatorRun.toItsEnd(bare, TestBed.MARKER).load();
      boots = seconds();
    }
    figures.of(BenchPart.PVH, "bare.guest", "ms", "Dom0's first boot, beside ours without hypervisor").add(isOurs, boots.get(0) * 1e3,
        load);
    figures.of(BenchPart.PVH, "bare.second", "ms", "Dom0's second boot, beside ours without hypervisor").add(isOurs, boots.get(1) * 1e3,
        load);
  }

  private List<Double> seconds() throws IOException {
    return JsonParser.parseString(Files.readString(report)).getAsJsonObject().getAsJsonArray("bootSeconds").asList().stream().map(
        element -> element.getAsDouble()).toList();
  }
}
