package org.xenolith.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.xenolith.bench.TestBed.GuestFiles;
import org.xenolith.boot.api.GuestFile;
import org.xenolith.fdt.Fdt;
import org.xenolith.launch.api.LaunchRequest;

/**
 * The same PCI machine on both sides: GICv3 with an ITS, an SMMUv3 before the host bridge, functions in the same slots, and a guest
 * with the workloads of {@code pci.c}.
 */
final class PciBed {
  static final int MEMORY = 512;
  private static final String MACHINE = "virt,gic-version=3,iommu=smmuv3";
  private final TestBed bed;
  private final GuestFiles guest;
  private final Path tree;

  PciBed(TestBed any) throws IOException, InterruptedException {
    bed = new TestBed(any.launcher(), any.debian(), any.folder(), any.engine(), 3, any.progress());
    guest = bed.debian("pci", GuestFile.executable("/bin/bench", PeerTools.workloads(bed.folder(), "pci.c")));
    Fdt shown = bed.launcher().guestTree(LaunchRequest.of("virt").memory((long) MEMORY << 20).gic(3).option("iommu", "smmuv3").build());
    tree = bed.file("pci", shown);
  }

  Path folder() {
    return bed.folder();
  }

  private String words(String words) {
    return guest.commandLine() + " quiet " + words;
  }

  /** A command line of ours. @param words of the guest's command line, @param devices options of {@code boot} */
  List<String> ours(String words, List<String> devices) {
    List<String> line = new ArrayList<>(bed.ours(tree, "--kernel", guest.kernel(), "--initrd", guest.initrd(), "--append", words(words)));
    line.addAll(devices);
    return line;
  }

  /** A command line of QEMU's. @param devices its options */
  List<String> qemu(String words, List<String> devices) throws IOException, InterruptedException {
    List<String> line = new ArrayList<>(bed.qemu(MEMORY, false, tree, "-kernel", guest.kernel(), "-initrd", guest.initrd(), "-append",
        words(words)));
    line.set(line.indexOf("-M") + 1, MACHINE);
    line.addAll(devices);
    return line;
  }
}
