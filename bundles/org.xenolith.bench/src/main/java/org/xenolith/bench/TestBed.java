// SPDX-License-Identifier: EPL-2.0
package org.xenolith.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.xenolith.boot.api.GuestFile;
import org.xenolith.boot.api.GuestImage;
import org.xenolith.boot.api.GuestRequest;
import org.xenolith.boot.api.GuestSource;
import org.xenolith.boot.api.ProgressListener;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.fdt.FdtWriter;
import org.xenolith.launch.api.LaunchOption;
import org.xenolith.launch.api.Launcher;
import org.xenolith.launch.kit.RequestBuilder;

/**
 * The same machine on both sides: the reference board with one CPU, described by the same tree. It stays the board that it was when
 * the figures began, whatever it is given by default, so that figures of all versions can be compared.
 *
 * @param launcher knows the board
 * @param debian   the guest
 * @param folder   where files for the emulators are put
 * @param engine   our CPU engine; empty for the default
 * @param gic      version of the interrupt controller
 * @param progress hears of what takes long
 */
record TestBed(Launcher launcher, GuestSource debian, Path folder, String engine, int gic, ProgressListener progress) {
  /** What a guest says when it is up. */
  static final String MARKER = "XENOLITH-MARKER";
  /** What keeps the board as it was, but for PCI. */
  static final Map<String, String> PINNED = Map.of("kaslr-seed", "none", "flash", "none", "platform-bus", "off");
  /** The same without PCI. */
  private static final Map<String, String> PLAIN = with(PINNED, Map.of("pcie", "none", "its", "off"));
  private static final int DISK = 64 << 20;
  /** RAM under a hypervisor, and what Dom0 has of it; MiB. */
  private static final int XEN_MEMORY = 1024;
  private static final int DOM0_MEMORY = 384;
  /** Where the peer is told to put what its hypervisor starts: out of the way of what it places itself. */
  private static final long XEN_KERNEL = 0x4a00_0000;
  private static final long XEN_INITRD = 0x5000_0000;

  /** A guest as files. @param commandLine its default words */
  record GuestFiles(Path kernel, Path initrd, String commandLine) {}

  /** The Debian guest with these files added. @param name a word for file names */
  GuestFiles debian(String name, GuestFile... added) throws IOException {
    return debian(name, List.of(), added);
  }

  /** The same with Debian's packages, too. */
  GuestFiles debian(String name, List<String> packages, GuestFile... added) throws IOException {
    GuestRequest request = GuestRequest.PLAIN;
    for (String debians : packages) {
      request = request.withPackage(debians);
    }
    for (GuestFile file : added) {
      request = request.withFile(file);
    }
    return debian(name, request);
  }

  /** The same as it is asked for. */
  GuestFiles debian(String name, GuestRequest request) throws IOException {
    GuestImage image = debian.obtain(progress, request);
    return new GuestFiles(Files.write(folder.resolve(name + ".Image"), image.kernel()),
        Files.write(folder.resolve(name + ".initrd"), image.initrd().orElseThrow()), image.commandLine());
  }

  private Map<String, String> gicOption() {
    return Map.of("gic", Integer.toString(gic));
  }

  private static Map<String, String> with(Map<String, String> some, Map<String, String> more) {
    Map<String, String> all = new TreeMap<>(some);
    all.putAll(more);
    return all;
  }

  /** The tree that our machine would give a guest: what no model serves is disabled. @param mebibytes RAM */
  Fdt tree(int mebibytes, boolean el2) {
    return launcher.guestTree(RequestBuilder.of("virt").memory((long) mebibytes << 20).option("el2", el2 ? List.of(LaunchOption.ON) : List
        .of()).boardOptions(with(PLAIN, gicOption()))
        .build());
  }

  /** The same for the board as it is by default. */
  Fdt defaultTree(int mebibytes) {
    return launcher.guestTree(RequestBuilder.of("virt").memory((long) mebibytes << 20).boardOptions(gicOption()).build());
  }

  /** A disk with the same bytes each time, 64 MiB. @param name a word for file names */
  Path disk(String name) throws IOException {
    byte[] content = new byte[DISK];
    new Random(1).nextBytes(content);
    return Files.write(folder.resolve(name + ".raw"), content);
  }

  /** The tree as a file. */
  Path file(String name, Fdt tree) throws IOException {
    return Files.write(folder.resolve(name + ".dtb"), FdtWriter.write(tree));
  }

  /** A command line of ours. */
  List<String> ours(Object... words) {
    List<String> line = new ArrayList<>(List.of(PeerTools.launcher(), "boot", "--engine", engine, "--limit", "3600"));
    for (Object word : words) {
      line.add(word.toString());
    }
    return line;
  }

  /** A command line of QEMU's: single-threaded TCG on the same tree. */
  List<String> qemu(int mebibytes, boolean el2, Path tree, Object... words) throws IOException, InterruptedException {
    List<String> line = new ArrayList<>(List.of(PeerTools.qemu(), "-M",
        "virt,gic-version=" + gic + (el2 ? ",virtualization=on" : ""), "-cpu", "cortex-a57", "-m", Integer.toString(mebibytes),
        "-smp", "1", "-nographic", "-no-reboot", "-net", "none", "-dtb", tree.toString()));
    for (Object word : words) {
      line.add(word.toString());
    }
    return line;
  }

  /** A command line of ours with our hypervisor; what it starts is for the caller to say. */
  List<String> oursDom0(Object... words) {
    List<String> line = ours("--hypervisor", "--gic", gic, "--memory", XEN_MEMORY + "M", "--dom0-memory", DOM0_MEMORY + "M");
    PLAIN.forEach((name, value) -> line.addAll(List.of("--option", name + "=" + value)));
    for (Object word : words) {
      line.add(word.toString());
    }
    return line;
  }

  /**
   * A command line of QEMU's with Debian's Xen and the same Dom0.
   *
   * @param name   a word for file names
   * @param append Dom0's command line
   */
  List<String> xen(String name, Path kernel, Optional<Path> initrd, String append) throws IOException, InterruptedException {
    Fdt tree = tree(XEN_MEMORY, true).edit("/chosen", chosen -> {
      FdtNode with = chosen.withProperty(FdtProperty.ofCells("#address-cells", 2)).withProperty(FdtProperty.ofCells("#size-cells", 2))
          .withChild(module("kernel", XEN_KERNEL, kernel).withProperty(FdtProperty.ofStrings("bootargs", append)));
      return initrd.isEmpty() ? with : with.withChild(module("ramdisk", XEN_INITRD, initrd.get()));
    });
    List<String> line = qemu(XEN_MEMORY, true, file(name + "-xen", tree), "-kernel", PeerTools.xen(), "-append",
        "dom0_mem=" + DOM0_MEMORY + "M", "-device", loader(XEN_KERNEL, kernel));
    initrd.ifPresent(file -> line.addAll(List.of("-device", loader(XEN_INITRD, file))));
    return line;
  }

  /** A multiboot module as Xen looks for it (docs/misc/arm/device-tree/booting.txt). */
  private static FdtNode module(String kind, long address, Path file) {
    return new FdtNode("module@" + Long.toHexString(address), List.of(), List.of())
        .withProperty(FdtProperty.ofStrings("compatible", "multiboot," + kind, "multiboot,module"))
        .withProperty(FdtProperty.ofU64("reg", address, file.toFile().length()));
  }

  private static String loader(long address, Path file) {
    return "loader,addr=0x" + Long.toHexString(address) + ",file=" + file + ",force-raw=on";
  }
}
