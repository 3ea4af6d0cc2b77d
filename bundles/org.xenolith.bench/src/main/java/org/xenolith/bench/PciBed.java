// SPDX-License-Identifier: EPL-2.0
package org.xenolith.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.xenolith.bench.TestBed.GuestFiles;
import org.xenolith.boot.api.GuestFile;
import org.xenolith.console.api.SerialPort;
import org.xenolith.fdt.Fdt;
import org.xenolith.hyp.api.HypervisorNode;
import org.xenolith.hyp.api.ToolsPort;
import org.xenolith.launch.api.Launch;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.machine.control.Machine;
import org.xenolith.machine.control.Machine.RunLimit;
import org.xenolith.machine.control.Machine.StopReason;

/**
 * The same PCI machine on both sides: GICv3 with an ITS, an SMMUv3 before the host bridge, functions in the same slots, and a guest
 * with the workloads of {@code pci.c}.
 */
final class PciBed {
  static final int MEMORY = 512;
  private static final String SHELL = "xenolith:/# ";
  /** Virtual time that no boot needs. */
  private static final long BOOT = TimeUnit.SECONDS.toNanos(300);
  private static final String MACHINE = "virt,gic-version=3,iommu=smmuv3";
  private final TestBed bed;
  private final GuestFiles guest;
  private final Path tree;

  PciBed(TestBed any) throws IOException, InterruptedException {
    bed = new TestBed(any.launcher(), any.debian(), any.folder(), any.engine(), 3, any.progress());
    guest = bed.debian("pci", GuestFile.executable("/bin/bench", PeerTools.workloads(bed.folder(), "pci.c")));
    Fdt shown = bed.launcher().guestTree(RequestBuilder.of("virt").memory((long) MEMORY << 20).boardOptions(TestBed.PINNED).boardOption(
        "gic", "3")
        .boardOption("iommu", "smmuv3").build());
    tree = bed.file("pci", shown);
  }

  Path folder() {
    return bed.folder();
  }

  /** What our side's process is given to go on with a machine that stands still. @param shown the domain whose console is shown */
  List<String> resumed(Path snapshot, String shown, String until) {
    return bed.ours("--load", snapshot, "--console", shown, "--until", until);
  }

  /**
   * Dom0 at its shell, and a domain that is about to start: the function at 1.0 is given to it.
   *
   * @param name  the domain's
   * @param words of the guest's command line in it
   * @param disk  of the function
   * @return the snapshot
   */
  Path given(String name, String words, String function, Path disk) throws IOException {
    Path config = Files.writeString(bed.folder().resolve(name + ".cfg"), """
        name = "%s"
        kernel = "%s"
        ramdisk = "%s"
        memory = %d
        vcpus = 1
        extra = "console=hvc0 quiet %s"
        pci = [ '00:01.0@1' ]
        """.formatted(name, guest.kernel(), guest.initrd(), MEMORY, words));
    LaunchRequest request = RequestBuilder.of("virt").memory(2L * MEMORY << 20).engine(bed.engine()).guest("debian").hypervisor(true)
        .boardOptions(TestBed.PINNED).boardOption("gic", "3").append("quiet xl.shell").boardOption("iommu", "smmuv3").option("pci", "1.0="
            + function).disks(List.of(disk
                + ",pci=1.0")).build();
    Path snapshot = bed.folder().resolve(name + ".snapshot");
    try (Launch launch = bed.launcher().launch(request, bed.progress(), (kind, place, text) -> {})) {
      Machine machine = launch.machine();
      StringBuilder said = new StringBuilder();
      machine.port(launch.console(), SerialPort.class).connect(b -> {
        if (said.append((char) b).indexOf(SHELL, Math.max(0, said.length() - SHELL.length())) >= 0) {
          machine.stop();
        }
      });
      if (machine.run(new RunLimit(BOOT, Long.MAX_VALUE)) != StopReason.STOPPED) {
        throw new IllegalStateException("Dom0 did not get to its shell; it said:\n" + said);
      }
      ToolsPort tools = machine.port(HypervisorNode.PATH, ToolsPort.class);
      tools.execute(List.of("pci-assignable-add", "00:01.0"));
      tools.execute(List.of("create", config.toString()));
      launch.save(snapshot);
    }
    return snapshot;
  }

  /** A disk for reads. */
  Path disk() throws IOException {
    return bed.disk("pci");
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
