// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hypervisor;

import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.xenolith.boot.api.GuestImage;
import org.xenolith.boot.api.GuestRequest;
import org.xenolith.boot.api.GuestSource;
import org.xenolith.it.guest.InstalledProduct;

/** Domains that start with edk2's ArmVirtXen, and their disks: FAT, with edk2's Shell where firmware looks first, and Debian's kernel. */
final class UefiDomains {
  /** What the Shell prints when it waits. */
  static final String PROMPT = "Shell> ";
  /** The Shell's command that starts the kernel. */
  static final String KERNEL = "FS0:\\Image initrd=\\initrd console=hvc0 cryptomgr.notests xl.domu xl.shell";
  private static final long MEBIBYTE = 1 << 20;

  private final Path folder;
  private final Path built;

  /** @param folder gets the files */
  UefiDomains(Path folder) throws IOException, InterruptedException {
    this.folder = folder;
    built = Path.of(run(List.of(InstalledProduct.root().resolve("releng/test-edk2").toString()), 20).strip());
  }

  /** The folder with what was built of edk2. */
  Path built() {
    return built;
  }

  /** A disk with the Shell, Debian's kernel and its first root file system. */
  Path system() throws IOException, InterruptedException {
    kernel();
    return disk("system", 64, List.of(folder.resolve("Image"), folder.resolve("initrd")));
  }

  /** A disk whose kernel firmware starts by itself: it comes up, and has no root. */
  Path kernelAlone() throws IOException, InterruptedException {
    kernel();
    return disk("alone", 64, folder.resolve("Image"), List.of());
  }

  private void kernel() throws IOException {
    GuestImage debian = InstalledProduct.get().services(GuestSource.class).stream().filter(s -> s.name().equals("debian")).findFirst()
        .orElseThrow(() -> new IllegalStateException("the guest debian isn't installed")).obtain(System.out::println, GuestRequest.PLAIN);
    Files.write(folder.resolve("Image"), debian.kernel());
    Files.write(folder.resolve("initrd"), debian.initrd().orElseThrow());
  }

  /** A disk with the Shell and files. */
  Path disk(String name, int mebibytes, List<Path> files) throws IOException, InterruptedException {
    return disk(name, mebibytes, built.resolve("Shell.efi"), files);
  }

  Path disk(String name, int mebibytes, Path loader, List<Path> files) throws IOException, InterruptedException {
    Path image = folder.resolve(name + ".img");
    try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
      file.setLength(mebibytes * MEBIBYTE);
    }
    run(List.of("mformat", "-i", image.toString(), "-v", "XENOLITH", "::"), 1);
    run(List.of("mmd", "-i", image.toString(), "::/EFI", "::/EFI/BOOT"), 1);
    run(List.of("mcopy", "-i", image.toString(), loader.toString(), "::/EFI/BOOT/BOOTAA64.EFI"), 1);
    for (Path file : files) {
      run(List.of("mcopy", "-i", image.toString(), file.toString(), "::/"), 1);
    }
    return image;
  }

  /** A domain's file. @param more lines of it */
  Path domain(String name, Path disk, String more) throws IOException {
    return Files.writeString(folder.resolve(disk.getFileName() + ".cfg"), """
        name = "%s"
        firmware = "armvirtxen"
        memory = 256
        disk = [ '%s,raw,xvda,rw' ]
        %s
        """.formatted(name, disk, more));
  }

  /** What a program says. */
  private String run(List<String> command, int minutes) throws IOException, InterruptedException {
    Path output = Files.createTempFile(folder, "said", ".txt");
    Path complaints = Files.createTempFile(folder, "complaints", ".txt");
    ProcessBuilder builder = new ProcessBuilder(command).redirectInput(new File("/dev/null")).redirectOutput(output.toFile())
        .redirectError(complaints.toFile());
    // The images are whole disks of a size that mtools wouldn't choose.
    builder.environment().put("MTOOLS_SKIP_CHECK", "1");
    Process process = builder.start();
    if (!process.waitFor(minutes, TimeUnit.MINUTES) || process.exitValue() != 0) {
      process.destroy();
      throw new AssertionError(command + " failed: " + Files.readString(complaints, StandardCharsets.ISO_8859_1));
    }
    return Files.readString(output, StandardCharsets.ISO_8859_1);
  }
}
