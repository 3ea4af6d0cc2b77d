// SPDX-License-Identifier: EPL-2.0
package org.xenolith.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.xenolith.bench.TestBed.GuestFiles;
import org.xenolith.boot.api.GuestImage;
import org.xenolith.boot.api.GuestRequest;
import org.xenolith.boot.api.GuestSource;

/**
 * A PC with a hypervisor on both sides, and one processor: our board {@code pc-pvh} with ours, and QEMU's {@code q35} with Debian's Xen, whose hardware domain is one of the PVH kind, too. For that Xen asks for an
 * IOMMU, and for a processor that QEMU executes with nested page tables: AMD's.
 */
final class PvhBed {
  /** RAM of the machine under a hypervisor, and what the hardware domain has of it, and a machine without hypervisor; MiB. */
  private static final int MEMORY = 1024;
  private static final int DOM0_MEMORY = 600;

  private final TestBed bed;

  PvhBed(TestBed bed) {
    this.bed = bed;
  }

  Path folder() {
    return bed.folder();
  }

  /** A kernel that can be the hardware domain, as files. @param debian for amd64, but not its kernel for virtual machines */
  GuestFiles debian(GuestSource debian) throws IOException {
    GuestImage image = debian.obtain(bed.progress(), GuestRequest.PLAIN);
    return new GuestFiles(Files.write(folder().resolve("pvh.Image"), image.kernel()),
        Files.write(folder().resolve("pvh.initrd"), image.initrd().orElseThrow()), image.commandLine());
  }

  /** A command line of ours without hypervisor. @param words added to it */
  List<String> bare(GuestFiles guest, String... words) {
    return line(DOM0_MEMORY, guest.kernel(), Optional.of(guest.initrd()), guest.commandLine(), words);
  }

  /** A command line of ours with a kernel as Dom0. @param append the kernel's words @param words added to our command line */
  List<String> ours(Path kernel, Optional<Path> initrd, String append, String... words) {
    List<String> line = line(MEMORY, kernel, initrd, append, words);
    line.addAll(List.of("--hypervisor", "--dom0-memory", DOM0_MEMORY + "M"));
    return line;
  }

  private List<String> line(int memory, Path kernel, Optional<Path> initrd, String append, String... words) {
    List<String> line = new ArrayList<>(List.of(PeerTools.launcher(), "boot", "pc-pvh", "--engine", bed.engine(), "--limit", "3600",
        "--memory", memory + "M", "--kernel", kernel.toString(), "--append", append));
    initrd.ifPresent(file -> line.addAll(List.of("--initrd", file.toString())));
    line.addAll(List.of(words));
    return line;
  }

  /** A command line of QEMU's with Debian's Xen and the same kernel as its Dom0. */
  List<String> xen(Path kernel, Optional<Path> initrd, String append) throws IOException, InterruptedException {
    return List.of(PeerTools.pc(), "-M", "q35,kernel-irqchip=off", "-accel", "tcg", "-cpu", "EPYC,-rdtscp", "-device", "amd-iommu", "-m",
        Integer.toString(MEMORY), "-smp", "1", "-nographic", "-monitor", "none", "-no-reboot", "-net", "none", "-kernel",
        PeerTools.pcXen().toString(), "-initrd", kernel + " " + append + initrd.map(file -> "," + file).orElse(""), "-append",
        "com1=115200,8n1 console=com1 dom0=pvh dom0_mem=" + DOM0_MEMORY + "M");
  }
}
