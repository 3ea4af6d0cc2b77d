// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.product.Edk2;
import org.xenolith.it.product.Product;
import org.xenolith.it.product.Program;
import org.xenolith.testkit.FullLane;
import org.xenolith.testkit.Lane;

/**
 * Debian's firmware starts Debian's GRUB from a disk, and that a hypervisor with Debian's system on the same disk as Dom0: ours, by
 * {@code xenolith.efi}, and Debian's Xen at EL2. Each boot takes a quarter of a minute, each image one and a half: the full lane's.
 */
@FullLane
class DiskDom0Test {
  private static final Duration LONG = Duration.ofMinutes(10);
  private static final Pattern DIGEST = Pattern.compile("\"digest\" *: *\"([0-9a-f]+)\"");

  @TempDir
  private static Path work;

  private static synchronized Path image(String name, Object... besides) throws Exception {
    Path image = work.resolve(name + ".img");
    if (!Files.exists(image)) {
      Path settings = Files.writeString(work.resolve("dom0.cfg"), "GRUB_DEFAULT=2\n");
      Object[] words = Stream.concat(Stream.of("image", "make", "debian", "--to", image, "--add-file", "/etc/default/grub.d/dom0.cfg="
          + settings), Stream.of(besides)).toArray();
      try (Program making = Product.start(words)) {
        making.await(LONG).expect(0);
      }
    }
    return image;
  }

  private static Path ours() throws Exception {
    Path loader = work.resolve("xenolith.efi");
    if (!Files.exists(loader)) {
      Product.run("loader", "--to", loader).expect(0);
    }
    return image("ours", "--add-file", "/boot/xenolith.efi=" + loader);
  }

  private static void run(String name, String text) throws Exception {
    Path scenario = Files.writeString(work.resolve(name + ".scenario"), text);
    try (Program program = Product.start("run", scenario)) {
      program.await(LONG).expect(0);
    }
  }

  /** By ACPI, as firmware has it: systemd is content, the machine resets, and the firmware starts it all again. */
  private static void acpi() throws Exception {
    run("acpi", """
        description: Dom0 from a disk, which reboots.
        platform: {board: virt, memory: 2G, gic: 3, firmware: aavmf}
        hypervisor: true
        disks: [{image: %s}]
        on-reset: boot
        limit: {virtual: 300s, host: 9min}
        steps:
          - expect: 'Welcome to GRUB'
          - replace: org.xenolith.hyp.loader
          - expect: 'Loading Xen .*xenolith'
          - expect: 'efi: EFI v2.50 by Xen'
          - expect: 'debian login: $'
          - type: "root\\n"
          - expect: 'root@debian:~# $'
          - type: "echo state=$(systemctl is-system-running --wait); cat /sys/hypervisor/properties/features; reboot\\n"
          - expect: 'state=running'
          - expect: 'Loading Xen .*xenolith'
          - expect: 'debian login: $'
          - check: event
            kind: model-failed
            count: 0
        """.formatted(ours()));
  }

  /** By the device tree, with a domain that has a disk and firmware of its own. */
  private static void tree() throws Exception {
    Path disk = work.resolve("guest.img");
    try (Program making = Product.start("image", "make", "debian", "--to", disk)) {
      making.await(LONG).expect(0);
    }
    Path domain = Files.writeString(work.resolve("guest.cfg"), """
        name = "guest"
        memory = 384
        vcpus = 1
        firmware = "%s"
        disk = ["%s,raw,xvda,rw"]
        """.formatted(Edk2.built().resolve("XEN_EFI.fd"), disk));
    run("tree", """
        description: Dom0 and a domain, each from a disk of its own.
        platform: {board: virt, memory: 2G, gic: 2, cpus: 4, firmware: aavmf, option: [fw-cfg=no-acpi]}
        hypervisor: {domus: [%s]}
        disks: [{image: %s}]
        limit: {virtual: 200s, host: 9min}
        steps:
          - expect: 'Machine model: Xenolith virt'
          - expect: 'debian login: $'
          - expect: 'debian login: $'
            on: guest
          - type: "root\\n"
            on: guest
          - expect: 'root@debian:~# $'
            on: guest
          - type: "findmnt -n -o SOURCE /\\n"
            on: guest
          - expect: '/dev/xvda2'
            on: guest
        """.formatted(domain, ours()));
  }

  /** By firmware of bundles, which the domain has, too. */
  private static void bundles() throws Exception {
    Path domain = Files.writeString(work.resolve("own.cfg"), """
        name = "own"
        memory = 512
        firmware = "xenolith"
        disk = ["%s,raw,xvda,rw"]
        """.formatted(DebianDisk.in(work)));
    run("bundles", """
        description: Dom0 and a domain, each from a disk of its own by firmware of bundles.
        platform: {board: virt, memory: 2G, gic: 2, cpus: 4, firmware: xenolith}
        hypervisor: {domus: [%s]}
        disks: [{image: %s}]
        limit: {virtual: 200s, host: 9min}
        steps:
          - expect: 'Loading Xen .*xenolith'
          - expect: 'debian login: $'
          - expect: 'debian login: $'
            on: own
          - type: "root\\n"
            on: own
          - expect: 'root@debian:~# $'
            on: own
          - type: "findmnt -n -o SOURCE /\\n"
            on: own
          - expect: '/dev/xvda2'
            on: own
          - check: event
            kind: model-failed
            count: 0
        """.formatted(domain, ours()));
  }

  /** Debian's own hypervisor reads no ACPI. */
  private static void xen() throws Exception {
    run("xen", """
        description: Debian's Xen from a disk.
        platform: {board: virt, memory: 2G, gic: 3, el2: true, firmware: aavmf, option: [fw-cfg=no-acpi]}
        disks: [{image: %s}]
        limit: {virtual: 200s, host: 9min}
        steps:
          - expect: 'Xen 4.17.* EFI loader'
          - expect: 'Freed .* init memory'
          - expect: 'debian login: $'
        """.formatted(image("theirs", "--package", "xen-hypervisor-4.17-arm64")));
  }

  private static String digest(Object... words) throws Exception {
    Path report = work.resolve("report.json");
    try (Program program = Product.start(Stream.concat(Stream.of("boot", "--report", report, "--limit"), Stream.of(words)).toArray())) {
      program.await(LONG).expect(3);
    }
    return digest(report);
  }

  private static String digest(Path report) throws IOException {
    Matcher found = DIGEST.matcher(Files.readString(report));
    assertEquals(true, found.find(), "a digest in " + report);
    return found.group(1);
  }

  /** Saved in the firmware's time, when no hypervisor is there yet, and in Dom0's. */
  private static void snapshots() throws Exception {
    Object[] machine = {"--firmware", "aavmf", "--hypervisor", "--gic", "3", "--memory", "2G", "--disk", ours(), "--append", "quiet"};
    String straight = digest(Stream.concat(Stream.of("12"), Stream.of(machine)).toArray());
    assertEquals(straight, digest(Stream.concat(Stream.of("12"), Stream.of(machine)).toArray()), "two runs");
    digest(Stream.concat(Stream.of("3", "--save", work.resolve("firmware")), Stream.of(machine)).toArray());
    assertEquals(straight, digest("12", "--load", work.resolve("firmware")), "from a snapshot of the firmware's time");
    digest(Stream.concat(Stream.of("9", "--save", work.resolve("dom0")), Stream.of(machine)).toArray());
    assertEquals(straight, digest("12", "--load", work.resolve("dom0")), "from a snapshot of Dom0's time");
  }

  /** On a machine where nobody takes over, GRUB hears it and its menu comes back. */
  private static void nobody() throws Exception {
    for (String level : List.of("el2: true", "el2: false")) {
      run("nobody-" + level.endsWith("true"), """
          description: There is no hypervisor that waits.
          platform: {board: virt, memory: 2G, gic: 3, %s, firmware: aavmf}
          disks: [{image: %s}]
          limit: {virtual: 60s, host: 9min}
          steps:
            - expect: 'xenolith.efi: %s'
          """.formatted(level, ours(), level.endsWith("true") ? "no hypervisor waits on this machine" : "this firmware runs below EL2"));
    }
  }

  private static void removed() throws Exception {
    run("removed", """
        description: The way to the hypervisor is taken away.
        platform: {board: virt, memory: 2G, gic: 3, firmware: aavmf}
        hypervisor: true
        disks: [{image: %s}]
        limit: {virtual: 60s, host: 9min}
        steps:
          - expect: 'Welcome to GRUB'
          - remove: org.xenolith.hyp.loader
          - expect: 'xenolith.efi: no hypervisor waits on this machine'
        """.formatted(ours()));
  }

  @TestFactory
  List<DynamicTest> hypervisorsFromADisk() {
    return Lane.onlyFull(dynamicTest("ours, Dom0 by ACPI, and again after a reset", DiskDom0Test::acpi),
        dynamicTest("ours, Dom0 by its tree, and a domain from its own disk", DiskDom0Test::tree),
        dynamicTest("ours by firmware of bundles, and a domain", DiskDom0Test::bundles),
        dynamicTest("Debian's Xen at EL2", DiskDom0Test::xen),
        dynamicTest("snapshots before and behind the hand-over, and two runs", DiskDom0Test::snapshots),
        dynamicTest("nobody is there to take over", DiskDom0Test::nobody),
        dynamicTest("the loader's way is removed in the firmware's time", DiskDom0Test::removed));
  }

  /** A file that is there is somebody's. */
  @TestFactory
  List<DynamicTest> theLoaderIsWrittenOnce() {
    return List.of(dynamicTest("the loader's file", () -> {
      Path file = work.resolve("loader.efi");
      Product.run("loader", "--to", file).expect(0);
      byte[] first = Files.readAllBytes(file);
      assertFalse(first.length == 0);
      Product.run("loader", "--to", file).expect(2).errHas("there is a file already; --force writes over it");
      Product.run("loader", "--to", file, "--force").expect(0);
      Product.run("loader", "--to", work.resolve("none/loader.efi")).expect(2).errHas("there is no folder");
    }));
  }
}
