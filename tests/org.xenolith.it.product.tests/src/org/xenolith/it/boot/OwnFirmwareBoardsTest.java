// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.boot;

import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.product.DebianParts;
import org.xenolith.it.product.Product;
import org.xenolith.it.product.Program;
import org.xenolith.testkit.Lane;

/** Our own firmware on APM's Mustang, from an NVMe disk behind X-Gene's port, and under Debian's Xen at EL2. Each boot takes a quarter of a minute: the full lane's. */
class OwnFirmwareBoardsTest {
  private static final Duration LONG = Duration.ofMinutes(10);

  @TempDir
  private static Path work;

  private static Path image(String name, String settings, String... packages) throws Exception {
    Path image = work.resolve(name + ".img");
    if (!Files.exists(image)) {
      Path file = Files.writeString(work.resolve(name + ".cfg"), settings);
      List<Object> words = new ArrayList<>(List.of("image", "make", "debian", "--to", image, "--add-file", "/etc/default/grub.d/test.cfg="
          + file));
      for (String each : packages) {
        words.addAll(List.of("--package", each));
      }
      try (Program making = Product.start(words.toArray())) {
        making.await(LONG).expect(0);
      }
    }
    return image;
  }

  private static void run(String name, String text) throws Exception {
    Path scenario = Files.writeString(work.resolve(name + ".scenario"), text);
    try (Program program = Product.start("run", scenario)) {
      program.await(LONG).expect(0);
    }
  }

  private static void mustang(String name, String platform, String says) throws Exception {
    run(name, """
        description: Debian on Mustang from an NVMe disk.
        platform: {board: %s, memory: 1G, firmware: xenolith, pci: 0.0=nvme, %s}
        disks: [{image: %s, pci: '0.0'}]
        on-reset: boot
        limit: {virtual: 200s, host: 9min}
        steps:
          - expect: 'Booting `Debian GNU/Linux'
          - expect: 'efi: EFI v2.100 by Xenolith'
          - expect: '%s'
          - expect: 'debian login: $'
          - type: "root\\n"
          - expect: 'root@debian:~# $'
          - type: "findmnt -no SOURCE /; nproc; reboot\\n"
          - expect: '/dev/nvme0n1p2'
          - expect: '^8\\r?$'
          - expect: 'Xenolith UEFI firmware'
          - expect: 'debian login: $'
          - check: event
            kind: model-failed
            count: 0
          - check: event
            kind: spin-table-bad-address
            count: 0
        """.formatted(DebianParts.fetched().boards().stream().filter(board -> board.endsWith("apm-mustang.dtb")).findFirst().orElseThrow(),
        platform, image("ttys0", "GRUB_CMDLINE_LINUX=console=ttyS0\n"),
        says));
  }

  private static void xen() throws Exception {
    run("xen", """
        description: Debian's Xen from a disk.
        platform: {board: virt, memory: 2G, gic: 3, el2: true, firmware: xenolith}
        disks: [{image: %s}]
        limit: {virtual: 200s, host: 9min}
        steps:
          - expect: 'Xen 4.17.* EFI loader'
          - expect: 'Freed .* init memory'
          - expect: 'debian login: $'
        """.formatted(image("xen", "GRUB_DEFAULT=2\n", "xen-hypervisor-4.17-arm64")));
  }

  @TestFactory
  List<DynamicTest> debianStarts() {
    return Lane.onlyFull(dynamicTest("Mustang by its tree", () -> mustang("tree", "tables: dt",
        "xgene-pcie 1f2b0000.pcie: .rc. x8 gen-3 link up")),
        dynamicTest("Mustang by ACPI", () -> mustang("acpi", "tables: acpi", "MCFG quirk: ECAM at")), dynamicTest("Debian's Xen",
            OwnFirmwareBoardsTest::xen));
  }
}
