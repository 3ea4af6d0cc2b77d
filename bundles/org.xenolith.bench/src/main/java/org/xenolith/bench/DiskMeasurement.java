// SPDX-License-Identifier: EPL-2.0
package org.xenolith.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.xenolith.bench.TestBed.GuestFiles;
import org.xenolith.boot.api.GuestFile;
import org.xenolith.boot.api.GuestRequest;
import org.xenolith.fdt.Fdt;
import org.xenolith.launch.kit.RequestBuilder;

/** Reads of the same disk by Debian's drivers, behind each of the interfaces that firmware and systems know. */
final class DiskMeasurement implements Measurement {
  /** What the disk is behind: the figures' names, and how each side is asked for it. */
  enum Kind {
    BLK("virtio-blk by MMIO", "", List.of(), "virtio-blk-device,drive=disk"),
    LEGACY("virtio-blk by MMIO before version 1.0", "", List.of("--set", "/virtio_mmio@a003e00:legacy=true"),
        "virtio-blk-device,drive=disk"),
    SCSI("virtio-scsi by MMIO", ",scsi", List.of(), "virtio-scsi-device", "scsi-hd,drive=disk"),
    PCI_BLK("virtio-blk by PCI", ",pci=1.0", List.of("--pci", "1.0=virtio"), "virtio-blk-pci,addr=1.0,disable-legacy=on,drive=disk"),
    PCI_LEGACY("virtio-blk by PCI before version 1.0", ",pci=1.0", List.of("--pci", "1.0=virtio-legacy"),
        "virtio-blk-pci,addr=1.0,disable-modern=on,disable-legacy=off,drive=disk"),
    PCI_SCSI("virtio-scsi by PCI", ",scsi,pci=1.0", List.of("--pci", "1.0=virtio"), "virtio-scsi-pci,addr=1.0,disable-legacy=on",
        "scsi-hd,drive=disk");

    private final String says;
    private final String place;
    private final List<String> ours;
    private final List<String> devices;

    Kind(String says, String place, List<String> ours, String... devices) {
      this.says = says;
      this.place = place;
      this.ours = ours;
      this.devices = List.of(devices);
    }

    /** What our command line says of the disk. */
    List<String> ours(Path disk) {
      List<String> words = new ArrayList<>(List.of("--disk", disk + place));
      words.addAll(ours);
      return words;
    }

    /** What QEMU's says. */
    List<String> peer(Path disk) {
      List<String> words = new ArrayList<>(List.of("-drive", "if=none,id=disk,format=raw,snapshot=on,file=" + disk, "-global",
          "virtio-mmio.force-legacy=" + (this == LEGACY)));
      devices.forEach(device -> words.addAll(List.of("-device", device)));
      return words;
    }

    private boolean byPci() {
      return place.contains("pci");
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', '.');
    }
  }

  private static final int MEMORY = 512;
  private static final List<String> MODULES = List.of("virtio_mmio", "virtio_pci", "virtio_blk", "virtio_scsi", "sd_mod");

  private final Kind kind;
  private final List<String> ours;
  private final List<String> peer;

  private DiskMeasurement(Kind kind, TestBed bed, GuestFiles guest, Path disk, Path tree) throws IOException, InterruptedException {
    this.kind = kind;
    String words = guest.commandLine() + " quiet " + "xl.bench=" + RepeatedWorkload.order(RepeatedWorkload.READS);
    ours = bed.ours(tree, "--kernel", guest.kernel(), "--initrd", guest.initrd(), "--append", words);
    ours.addAll(kind.ours(disk));
    peer = bed.qemu(MEMORY, false, tree, "-kernel", guest.kernel(), "-initrd", guest.initrd(), "-append", words);
    peer.addAll(kind.peer(disk));
  }

  /** One for each kind. */
  static List<Measurement> all(TestBed any) throws IOException, InterruptedException {
    TestBed pci = new TestBed(any.launcher(), any.debian(), any.folder(), any.engine(), 3, any.progress());
    GuestRequest request = GuestRequest.PLAIN.withFile(GuestFile.executable("/bin/bench", PeerTools.workloads(any.folder(), "pci.c")));
    for (String module : MODULES) {
      request = request.withModule(module);
    }
    GuestFiles guest = any.debian("disks", request);
    Path disk = any.disk("disks");
    Path plainTree = any.file("disks", any.tree(MEMORY, false));
    Fdt withPci = any.launcher().guestTree(RequestBuilder.of("virt").memory((long) MEMORY << 20).boardOptions(TestBed.PINNED)
        .boardOption("gic", "3").build());
    Path pciTree = any.file("disks-pci", withPci);
    List<Measurement> all = new ArrayList<>();
    for (Kind kind : Kind.values()) {
      all.add(new DiskMeasurement(kind, kind.byPci() ? pci : any, guest, disk, kind.byPci() ? pciTree : plainTree));
    }
    return all;
  }

  @Override
  public String toString() {
    return BenchPart.DISKS + ", " + kind.says;
  }

  @Override
  public void run(boolean isOurs, Figures figures) throws IOException, InterruptedException {
    EmulatorRun run = EmulatorRun.toItsEnd(isOurs ? ours : peer, TestBed.MARKER);
    for (RepeatedWorkload work : RepeatedWorkload.READS) {
      work.add(BenchPart.DISKS, kind + ".", kind.says + ": ", isOurs, run, figures);
    }
  }
}
