// SPDX-License-Identifier: EPL-2.0
package org.xenolith.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.xenolith.bench.WorkloadMeasurement.Pass;

/** Configuration accesses, messages and the throughput of an NVMe disk, as Debian's drivers reach them. */
final class PciMeasurement implements Measurement {
  private static final int PASSES = 3;
  private static final int DISK = 64 << 20;
  private static final String DOMAIN = "domain";

  /**
   * A workload of {@code pci.c}.
   *
   * @param rounds of it in one pass
   * @param scale  from milliseconds to the unit
   * @param waits  whether the guest's clock also counts time in which it waits, so that it doesn't tell instructions
   */
  private record Work(String name, int rounds, String unit, double scale, boolean waits, String says) {}

  private static final List<Work> WORKS = List.of(
      new Work("config", 200_000, "ns", 1e6, false, "a configuration read by way of sysfs"),
      new Work("msi", 10_000, "us", 1e3, true, "an NVMe command without data, ended by a message"),
      new Work("seq", 64, "us", 1e3, true, "1 MiB of sequential reads, 128 KiB each"),
      new Work("rand", 8_000, "us", 1e3, true, "a random read of 4 KiB"));

  private final String kind;
  private final List<String> ours;
  private final List<String> peer;

  /** @param kind begins the names of figures; empty on bare metal */
  private PciMeasurement(String kind, List<String> ours, List<String> peer) {
    this.kind = kind;
    this.ours = ours;
    this.peer = peer;
  }

  /** On bare metal. */
  static PciMeasurement bare(TestBed any) throws IOException, InterruptedException {
    PciBed bed = new PciBed(any);
    Path disk = disk(bed);
    return new PciMeasurement("", bare(bed, disk), bed.qemu(words(), List.of("-drive", "if=none,id=disk,format=raw,snapshot=on,file="
        + disk,
        "-device", "nvme,addr=1.0,serial=1,drive=disk")));
  }

  /** In a domain that was given the controller, and beside it on our own bare metal. */
  static PciMeasurement domain(TestBed any) throws IOException, InterruptedException {
    PciBed bed = new PciBed(any);
    Path disk = disk(bed);
    Path snapshot = bed.given(DOMAIN, words(), "nvme", disk);
    return new PciMeasurement(DOMAIN + ".", bed.resumed(snapshot, DOMAIN, "XENOLITH-DONE"), bare(bed, disk));
  }

  private static List<String> bare(PciBed bed, Path disk) {
    return bed.ours(words(), List.of("--pci", "1.0=nvme", "--disk", disk + ",pci=1.0"));
  }

  private static Path disk(PciBed bed) throws IOException {
    byte[] content = new byte[DISK];
    new Random(1).nextBytes(content);
    return Files.write(bed.folder().resolve("pci.raw"), content);
  }

  private static String words() {
    List<String> passes = WORKS.stream().flatMap(work -> Collections.nCopies(PASSES, work.name).stream()).toList();
    return "xl.pci xl.bench=" + String.join(",", passes);
  }

  private boolean inADomain() {
    return !kind.isEmpty();
  }

  @Override
  public String toString() {
    return BenchPart.PCI + (inADomain() ? " in a domain" : "");
  }

  @Override
  public String peer() {
    return inADomain() ? "bare metal" : Measurement.super.peer();
  }

  @Override
  public void run(boolean isOurs, Figures figures) throws IOException, InterruptedException {
    EmulatorRun run = EmulatorRun.toItsEnd(isOurs ? ours : peer, TestBed.MARKER);
    Map<String, List<Pass>> passes = WorkloadMeasurement.passes(run.lines());
    for (Work work : WORKS) {
      List<Pass> all = passes.getOrDefault(work.name, List.of());
      if (all.size() != PASSES) {
        throw new IllegalStateException("the guest finished '" + work.name + "' " + all.size() + " of " + PASSES + " times");
      }
      Figure figure = figures.of(BenchPart.PCI, kind + work.name, work.unit, (inADomain() ? "domain / bare metal: " : "") + work.says);
      all.forEach(pass -> figure.sum(isOurs, pass.sum()));
      // In the first pass the host translates.
      double host = BenchSamples.median(all.subList(1, PASSES).stream().map(Pass::host).toList());
      figure.add(isOurs, host * work.scale / work.rounds, run.load());
      if (isOurs && !work.waits) {
        figure.instructions(BenchSamples.median(all.subList(1, PASSES).stream().map(Pass::guest).toList()) * 1e6, host);
      }
    }
  }
}
