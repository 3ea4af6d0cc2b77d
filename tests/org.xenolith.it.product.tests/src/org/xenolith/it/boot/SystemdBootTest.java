// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.boot;

import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.product.Product;
import org.xenolith.it.product.Program;
import org.xenolith.it.product.TestTools;
import org.xenolith.testkit.Lane;

/**
 * Debian's systemd-boot on firmware of our own: keys answer its menu, kernel and first root file system come from the EFI system partition, and what
 * it and the system tell each other by variables decides the next boot. Each boot takes a dozen seconds: the full lane's.
 */
class SystemdBootTest {
  private static final Duration LONG = Duration.ofMinutes(10);
  /** Variables of the boot loader interface. */
  private static final String VENDOR = "4a67b082-0a4c-41cf-b6c7-440b29bb8c4f";
  private static final List<String> ENTRIES = List.of("first", "second");

  @TempDir
  private static Path work;

  /** Debian's disk, with systemd-boot and two entries in the place of shim and GRUB. */
  private static Path disk() throws Exception {
    Path disk = work.resolve("systemd-boot.img");
    if (Files.exists(disk)) {
      return disk;
    }
    Files.copy(DebianDisk.in(work), disk);
    OpenedDisk opened = new OpenedDisk(disk);
    opened.clearEsp();
    opened.toEsp(opened.systemFile("/boot", "vmlinuz-", work.resolve("linux")), "debian/linux");
    opened.toEsp(opened.systemFile("/boot", "initrd.img-", work.resolve("initrd")), "debian/initrd.img");
    Path deb = Path.of(Product.run("packages", "fetch", "systemd-boot-efi", "--to", work.resolve("packages")).expect(0).out().strip());
    TestTools.run("dpkg-deb", "-x", deb, work.resolve("unpacked")).expect(0);
    opened.toEsp(work.resolve("unpacked/usr/lib/systemd/boot/efi/systemd-bootaa64.efi"), "EFI/BOOT/BOOTAA64.EFI");
    opened.toEsp(Files.write(work.resolve("seed"), new byte[512]), "loader/random-seed");
    opened.toEsp(Files.writeString(work.resolve("loader.conf"), "timeout 3\ndefault first.conf\n"), "loader/loader.conf");
    for (String name : ENTRIES) {
      opened.toEsp(Files.writeString(work.resolve(name + ".conf"), """
          title The %1$s entry
          sort-key %1$s
          linux /debian/linux
          initrd /debian/initrd.img
          options %2$s rw entry=%1$s
          """.formatted(name, opened.root())), "loader/entries/" + name + ".conf");
    }
    return disk;
  }

  private static String expect(String what) {
    return "expect: '" + what + "'";
  }

  private static String type(String what) {
    return "type: \"" + what + "\"";
  }

  private static Stream<String> login(String entry) {
    return Stream.of(expect("Loaded initrd from LINUX_EFI_INITRD_MEDIA_GUID device path"), expect("debian login: $"), type("root\\n"),
        expect("root@debian:~# $"), type("cd /sys/firmware/efi/efivars; cat /proc/cmdline LoaderInfo-" + VENDOR + " LoaderEntrySelected-"
            + VENDOR + " | tr -d '\\\\000'; echo\\n"), expect(" entry=" + entry + "\\r?$"), expect("systemd-boot 252.*" + entry + ".conf"));
  }

  /** The second entry by a key; then the first, as is configured; then the second for once, as the system has asked for. */
  private static Stream<String> steps() {
    return Stream.of(Stream.of(expect("The first entry"), expect("Boot in 3 s"), type("\\e[B\\r")), login("second"), Stream.of(type(
        "reboot\\n")), login("first"), Stream.of(type(
            "printf '\\\\7\\\\0\\\\0\\\\0s\\\\0e\\\\0c\\\\0o\\\\0n\\\\0d\\\\0.\\\\0c\\\\0o\\\\0n\\\\0f\\\\0\\\\0\\\\0' >LoaderEntryOneShot-"
                + VENDOR
                + "; reboot\\n")), login("second")).flatMap(each -> each);
  }

  private static void run(String name, String machine, String on) throws Exception {
    Path scenario = Files.writeString(work.resolve(name + ".scenario"), "description: Debian by systemd-boot.\n" + machine + """
        limit: {virtual: 300s, host: 9min}
        steps:
        """ + steps().map(each -> "  - " + each + "\n" + on).collect(Collectors.joining()) + """
          - check: event
            kind: model-failed
            count: 0
        """);
    try (Program program = Product.start("run", scenario)) {
      program.await(LONG).expect(0);
    }
  }

  private static void board() throws Exception {
    run("board", """
        platform: {board: virt, memory: 1G, gic: 3, firmware: xenolith, rng: '', efi-variables: %s}
        disks: [{image: %s}]
        on-reset: boot
        """.formatted(work.resolve("board.variables"), disk()), "");
  }

  private static void domain() throws Exception {
    Path config = Files.writeString(work.resolve("own.cfg"), """
        name = "own"
        firmware = "xenolith"
        memory = 512
        disk = [ '%s,raw,xvda,rw' ]
        """.formatted(disk()));
    run("domain", """
        platform: {board: virt, memory: 1G, gic: 3}
        hypervisor: {no-dom0: true, domus: [%s]}
        """.formatted(config), "    on: own\n");
  }

  @TestFactory
  List<DynamicTest> debianStartsBySystemdBoot() {
    return Lane.onlyFull(dynamicTest("on a board", SystemdBootTest::board), dynamicTest("in a domain", SystemdBootTest::domain));
  }
}
