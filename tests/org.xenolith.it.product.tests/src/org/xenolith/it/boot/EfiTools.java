// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.boot;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.xenolith.it.product.Product;

/** Debian with its own tools for EFI, on machines whose firmware keeps variables. The script {@code efi-tools} says what they do. */
final class EfiTools {
  private static final String SCRIPT = "efi-tools";
  private static final List<String> PACKAGES = List.of("efibootmgr", "efivar", "efitools", "sbsigntool", "e2fsprogs", "openssl",
      "util-linux", "util-linux-extra", "mount", "bash");

  private final Path folder;
  private final Path script;
  private final Path disk;

  /** How a kernel reaches the firmware. */
  enum Way {
    /** Code in memory, mapped by the kernel. */
    DIRECT("Remapping and enabling EFI services.", "--firmware", "acpi"),
    /** From Dom0 by ACPI. */
    HYPERCALL("EFI runtime services access via paravirt.", "--hypervisor", "--firmware", "acpi"),
    /** From Dom0 by device tree. */
    HYPERCALL_BY_TREE("EFI runtime services access via paravirt.", "--hypervisor");

    private final String log;
    private final List<String> options;

    Way(String log, String... options) {
      this.log = log;
      this.options = List.of(options);
    }

    /** The script's line of what the kernel says of it. */
    String told() {
      return "EFI   " + log;
    }
  }

  /** With a disk that {@link #makeKeys} fills. */
  EfiTools(Path folder) throws IOException {
    this.folder = folder;
    script = folder.resolve(SCRIPT);
    try (InputStream in = EfiTools.class.getResourceAsStream(SCRIPT)) {
      Files.copy(in, script);
    }
    disk = GptDisk.write(folder.resolve("disk.img"));
  }

  /** Keys and signed lists, made in a guest without EFI. */
  List<String> makeKeys() throws InterruptedException {
    return told(Boot.run(folder, "make", 0, arguments("make", "xl.disk", disk + ",write")).outcome().out());
  }

  /** The file of a machine's variables. */
  Path variables(String name) {
    return folder.resolve(name + ".img");
  }

  /** Starts a machine on its variables. @param what the script's word */
  Boot.Started start(Way way, String name, String what) {
    List<Object> all = new ArrayList<>(Arrays.asList(arguments(what, "xl.disk xl.efi", disk)));
    all.addAll(way.options);
    all.addAll(List.of("--efi-variables", variables(name), "--on-reset", "boot"));
    return Boot.start(folder, name + "-" + what, all.toArray());
  }

  /** Starts a guest by ACPI with the disk, alone on a machine; what its firmware keeps is its own. */
  Boot.Started startGuest(String name) throws IOException, InterruptedException {
    Path files = folder.resolve("guest");
    List<Object> fetch = new ArrayList<>(List.of("guests", "fetch", "debian", "--to", files, "--add-file", "/root/" + SCRIPT + "="
        + script));
    PACKAGES.forEach(each -> fetch.addAll(List.of("--package", each)));
    Product.run(fetch.toArray()).expect(0);
    Path config = Files.writeString(folder.resolve("guest.cfg"), """
        name = "guest"
        kernel = "%s"
        ramdisk = "%s"
        memory = 512
        acpi = 1
        disk = ["format=raw, vdev=xvda, access=rw, target=%s"]
        extra = "console=hvc0 quiet %s xl.domu xl.efi xl.run=/root/%s,run"
        """.formatted(files.resolve("Image"), files.resolve("initrd"), disk, Boot.SHORT, SCRIPT));
    return Boot.start(folder, name, "--hypervisor", "--no-dom0", "--gic", 3, "--memory", "1G", "--firmware", "acpi", "--domu", config,
        "--console", "guest", "--until", "XENOLITH-RUN exit=0");
  }

  private Object[] arguments(String what, String words, Object image) {
    List<Object> all = new ArrayList<>(List.of("--guest", "debian", "--gic", 3, "--memory", "1G", "--disk", image, "--add-file",
        "/root/" + SCRIPT + "=" + script, "--append", "quiet " + Boot.SHORT + " " + words + " xl.run=/root/" + SCRIPT + "," + what));
    PACKAGES.forEach(each -> all.addAll(List.of("--package", each)));
    return all.toArray();
  }

  /** What the script told. */
  static List<String> told(String out) {
    return out.lines().map(line -> line.replace("\r", "").stripTrailing()).filter(line -> line.startsWith("EFI")).toList();
  }
}
