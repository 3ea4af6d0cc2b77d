// SPDX-License-Identifier: EPL-2.0
package org.xenolith.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Configuration accesses, messages and the throughput of an NVMe disk, as Debian's drivers reach them. */
final class PciMeasurement implements Measurement {
  private static final String DOMAIN = "domain";

  private static final List<RepeatedWorkload> WORKS = Stream.concat(Stream.of(
      new RepeatedWorkload("config", 200_000, "ns", 1e6, false, "a configuration read by way of sysfs"),
      new RepeatedWorkload("msi", 10_000, "us", 1e3, true, "an NVMe command without data, ended by a message")), RepeatedWorkload.READS
          .stream())
      .toList();

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
    Path disk = bed.disk();
    return new PciMeasurement("", bare(bed, disk), bed.qemu(words(), List.of("-drive", "if=none,id=disk,format=raw,snapshot=on,file="
        + disk,
        "-device", "nvme,addr=1.0,serial=1,drive=disk")));
  }

  /** In a domain that was given the controller, and beside it on our own bare metal. */
  static PciMeasurement domain(TestBed any) throws IOException, InterruptedException {
    PciBed bed = new PciBed(any);
    Path disk = bed.disk();
    Path snapshot = bed.given(DOMAIN, words(), "nvme", disk);
    return new PciMeasurement(DOMAIN + ".", bed.resumed(snapshot, DOMAIN, "XENOLITH-DONE"), bare(bed, disk));
  }

  private static List<String> bare(PciBed bed, Path disk) {
    return bed.ours(words(), List.of("--pci", "1.0=nvme", "--disk", disk + ",pci=1.0"));
  }

  private static String words() {
    return "xl.pci xl.bench=" + RepeatedWorkload.order(WORKS);
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
    for (RepeatedWorkload work : WORKS) {
      work.add(BenchPart.PCI, kind, inADomain() ? "domain / bare metal: " : "", isOurs, run, figures);
    }
  }
}
