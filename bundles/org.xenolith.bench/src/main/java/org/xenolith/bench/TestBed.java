package org.xenolith.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.xenolith.boot.api.GuestFile;
import org.xenolith.boot.api.GuestImage;
import org.xenolith.boot.api.GuestRequest;
import org.xenolith.boot.api.GuestSource;
import org.xenolith.boot.api.ProgressListener;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtWriter;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.api.Launcher;

/**
 * The same machine on both sides: the reference board with one CPU, described by the same tree.
 *
 * @param launcher knows the board
 * @param debian   the guest
 * @param folder   where files for the emulators are put
 * @param engine   our CPU engine; empty for the default
 * @param gic      version of the interrupt controller
 * @param progress hears of what takes long
 */
record TestBed(Launcher launcher, GuestSource debian, Path folder, String engine, int gic, ProgressListener progress) {
  /** What the Debian guest says when it is up, and when it is about to power off. */
  static final String MARKER = "XENOLITH-MARKER";

  /** A guest as files. @param commandLine its default words */
  record GuestFiles(Path kernel, Path initrd, String commandLine) { }

  /** The Debian guest with these files added. @param name a word for file names */
  GuestFiles debian(String name, GuestFile... added) throws IOException {
    GuestRequest request = GuestRequest.PLAIN;
    for (GuestFile file : added) {
      request = request.withFile(file);
    }
    GuestImage image = debian.obtain(progress, request);
    return new GuestFiles(Files.write(folder.resolve(name + ".Image"), image.kernel()),
        Files.write(folder.resolve(name + ".initrd"), image.initrd().orElseThrow()), image.commandLine());
  }

  /** The tree that our machine would give a guest: what no model serves is disabled. @param mebibytes RAM */
  Fdt tree(int mebibytes, boolean el2) {
    return launcher.guestTree(LaunchRequest.of("virt").memory((long) mebibytes << 20).gic(gic).el2(el2).build());
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
}
