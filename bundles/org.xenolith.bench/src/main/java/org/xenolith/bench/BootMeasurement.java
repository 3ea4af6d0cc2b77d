package org.xenolith.bench;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.xenolith.bench.TestBed.GuestFiles;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;

/**
 * Boots of the Debian guest to its marker: ours twice in one process, the peer's once. The peer's figure is always that of its
 * whole process: its own start is a part of it.
 */
final class BootMeasurement implements Measurement {
  private static final int MEMORY = 512;
  private static final int XEN_MEMORY = 1024;
  private static final int DOM0_MEMORY = 384;
  /** Where the peer is told to put what its hypervisor starts: out of the way of what it places itself. */
  private static final long KERNEL = 0x4a00_0000;
  private static final long INITRD = 0x5000_0000;
  private final Part part;
  private final List<String> ours;
  private final List<String> peer;
  private final Path report;

  private BootMeasurement(Part part, Path report, List<String> ours, List<String> peer) {
    this.part = part;
    this.report = report;
    this.ours = new ArrayList<>(ours);
    this.ours.addAll(List.of("--until", TestBed.MARKER, "--times", "2", "--report", report.toString()));
    this.peer = peer;
  }

  /** Bare metal with 512 MiB. */
  static BootMeasurement bare(TestBed bed) throws IOException, InterruptedException {
    GuestFiles guest = bed.debian("boot");
    Path tree = bed.file("boot", bed.tree(MEMORY, false));
    return new BootMeasurement(Part.BOOT, bed.folder().resolve("boot.json"),
        bed.ours(tree, "--kernel", guest.kernel(), "--initrd", guest.initrd(), "--append", guest.commandLine()),
        bed.qemu(MEMORY, false, tree, "-kernel", guest.kernel(), "-initrd", guest.initrd(), "-append", guest.commandLine()));
  }

  /** As Dom0 with 384 of 1024 MiB: on our hypervisor, and on Debian's Xen on QEMU. */
  static BootMeasurement dom0(TestBed bed) throws IOException, InterruptedException {
    GuestFiles guest = bed.debian("dom0");
    String words = guest.commandLine().replaceFirst("console=ttyAMA0", "console=hvc0");
    Fdt board = bed.tree(XEN_MEMORY, true);
    Path tree = bed.file("dom0", board.edit("/chosen", chosen -> chosen.withProperty(FdtProperty.ofCells("#address-cells", 2))
        .withProperty(FdtProperty.ofCells("#size-cells", 2)).withChild(module("kernel", KERNEL, guest.kernel(), words))
        .withChild(module("ramdisk", INITRD, guest.initrd(), ""))));
    return new BootMeasurement(Part.DOM0, bed.folder().resolve("dom0.json"),
        bed.ours("--hypervisor", "--gic", bed.gic(), "--memory", XEN_MEMORY + "M", "--dom0-memory", DOM0_MEMORY + "M", "--kernel",
            guest.kernel(), "--initrd", guest.initrd(), "--append", words),
        bed.qemu(XEN_MEMORY, true, tree, "-kernel", PeerTools.xen(), "-append", "dom0_mem=" + DOM0_MEMORY + "M",
            "-device", loader(KERNEL, guest.kernel()), "-device", loader(INITRD, guest.initrd())));
  }

  /** A multiboot module as Xen looks for it (docs/misc/arm/device-tree/booting.txt). */
  static FdtNode module(String kind, long address, Path file, String words) {
    FdtNode node = new FdtNode("module@" + Long.toHexString(address), List.of(), List.of())
        .withProperty(FdtProperty.ofStrings("compatible", "multiboot," + kind, "multiboot,module"))
        .withProperty(FdtProperty.ofU64("reg", address, file.toFile().length()));
    return words.isEmpty() ? node : node.withProperty(FdtProperty.ofStrings("bootargs", words));
  }

  static String loader(long address, Path file) {
    return "loader,addr=0x" + Long.toHexString(address) + ",file=" + file + ",force-raw=on";
  }

  @Override public String toString() {
    return part.toString();
  }

  @Override public void run(boolean isOurs, Figures figures) throws IOException, InterruptedException {
    EmulatorRun run = isOurs ? EmulatorRun.toItsEnd(ours, TestBed.MARKER) : EmulatorRun.toTheMarker(peer, TestBed.MARKER);
    Figure process = figures.of(part, "process", "ms", "to the marker, whole process");
    Figure first = figures.of(part, "guest", "ms", "the same without our start");
    Figure second = figures.of(part, "second", "ms", "second boot in our process");
    Figure memory = figures.of(part, "memory", "MiB", "peak resident memory at the marker");
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

  private List<Double> seconds() throws IOException {
    JsonObject told = JsonParser.parseString(Files.readString(report)).getAsJsonObject();
    return told.getAsJsonArray("bootSeconds").asList().stream().map(element -> element.getAsDouble()).toList();
  }
}
