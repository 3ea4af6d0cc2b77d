// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.product.Product;
import org.xenolith.it.product.Program;
import org.xenolith.it.product.TestTools;
import org.xenolith.it.product.UBoot;
import org.xenolith.testkit.Lane;

/**
 * Debian's firmware finds Debian's boot loader on each kind of disk that we have, and its system comes to a login; what it keeps in its flash
 * decides the next boot. QEMU says the same with the same files. Each boot takes a quarter of a minute: the full lane's.
 */
class UefiDiskTest {
  private static final Duration LONG = Duration.ofMinutes(10);
  private static final String LOGIN = "debian login: ";

  @TempDir
  private static Path work;

  /** What the machine has, below {@code platform:}, and how the disk is attached. */
  private record Kind(String platform, String disk) {}

  private static Map<String, Kind> kinds() {
    Map<String, Kind> kinds = new LinkedHashMap<>();
    kinds.put("virtio by MMIO, GICv2", new Kind("gic: 2", ""));
    kinds.put("legacy virtio by MMIO", new Kind("gic: 3, set: '/virtio_mmio@a003e00:legacy=true'", ""));
    kinds.put("virtio by PCI", new Kind("gic: 3, pci: 1.0=virtio", ", pci: '1.0'"));
    kinds.put("legacy virtio by PCI", new Kind("gic: 3, pci: 1.0=virtio-legacy", ", pci: '1.0'"));
    kinds.put("SCSI by MMIO", new Kind("gic: 3", ", drive: scsi"));
    kinds.put("SCSI by PCI, GICv2", new Kind("gic: 2, pcie: ecam, pci: 1.0=virtio", ", drive: scsi, pci: '1.0'"));
    kinds.put("NVMe behind a root port", new Kind("gic: 3, pci: [1.0=root-port, 1.0/0.0=nvme]", ", pci: 1.0/0.0"));
    kinds.put("NVMe behind an SMMU, 4 CPUs", new Kind("gic: 3, cpus: 4, iommu: smmuv3, pci: 1.0=nvme", ", pci: '1.0'"));
    kinds.put("firmware at EL2", new Kind("gic: 3, el2: true", ""));
    return kinds;
  }

  private static void run(String name, String platform, String disk, String steps) throws Exception {
    Path scenario = Files.writeString(work.resolve(name + ".scenario"), """
        description: Debian from a disk by its firmware.
        platform: {board: virt, memory: 1G, %s}
        disks: [{image: %s%s}]
        on-reset: boot
        limit: {virtual: 200s, host: 8min}
        steps:
        """.formatted(platform, DebianDisk.in(work), disk) + steps);
    try (Program program = Product.start("run", scenario)) {
      program.await(LONG).expect(0);
    }
  }

  private static void boots(String name, Kind kind) throws Exception {
    run(name.replaceAll("[^A-Za-z0-9]", "-"), "firmware: aavmf, " + kind.platform, kind.disk, """
          - expect: 'BdsDxe: starting Boot0001 "UEFI (Misc Device|XENOLITH DISK|Xenolith NVMe)'
          - expect: 'Booting `Debian GNU/Linux'
          - expect: 'efi: EFI v2.70 by EDK II'
          - expect: '%s$'
          - check: event
            kind: model-failed
            count: 0
        """.formatted(LOGIN));
  }

  @TestFactory
  List<DynamicTest> debianStartsFromEachKindOfDisk() {
    List<DynamicTest> tests = new ArrayList<>();
    kinds().forEach((name, kind) -> tests.add(dynamicTest(name, () -> boots(name, kind))));
    return Lane.onlyFull(tests.toArray(DynamicTest[]::new));
  }

  private static void nextBoot() throws Exception {
    String platform = "gic: 3, firmware: aavmf, efi-variables: boot-variables.fd";
    run("choose", platform, "", """
          - expect: '%s$'
          - type: "root\\n"
          - expect: 'root@debian:~# $'
          - type: "efibootmgr -q -c -d /dev/vda -p 1 -L Chosen -l '\\\\EFI\\\\debian\\\\shimaa64.efi'; reboot\\n"
          - expect: 'BdsDxe: starting Boot000[0-9] "Chosen" from HD\\('
          - expect: '%s$'
        """.formatted(LOGIN, LOGIN));
    run("chosen", platform, "", """
          - expect: 'BdsDxe: starting Boot000[0-9] "Chosen" from HD\\('
          - expect: '%s$'
        """.formatted(LOGIN));
  }

  private static void uBoot() throws Exception {
    String platform = "gic: 2, firmware: %s, efi-variables: environment.fd".formatted(UBoot.fetched().resolve("u-boot.bin"));
    run("saves", platform, "", """
          - expect: 'Loading Environment from Flash... .*bad CRC'
          - expect: 'Hit any key'
          - type: "\\n"
          - expect: '=> $'
          - type: "setenv cow moo; saveenv\\n"
          - expect: 'Writing to Flash... done'
          - expect: '=> $'
          - type: "boot\\n"
          - expect: 'Booting /efi.boot.bootaa64.efi'
          - expect: '%s$'
        """.formatted(LOGIN));
    run("remembers", platform, "", """
          - expect: 'Loading Environment from Flash... OK'
          - expect: 'Hit any key'
          - type: "\\n"
          - expect: '=> $'
          - type: "printenv cow\\n"
          - expect: '^cow=moo'
        """);
  }

  /** What firmware, boot loader and the kernel's loader say: the rest is a kernel's, whose logs others compare. */
  private static List<String> said(String out) {
    return out.replaceAll("\\x1B\\[[0-9;=?]*[A-Za-z]", "").lines().map(line -> line.replace("\r", "").strip()).filter(line -> line.matches(
        "(UEFI firmware|BdsDxe:|Welcome to|GNU GRUB|Loading |EFI stub:).*")).toList();
  }

  private static void sideBySide() throws Exception {
    Path flash = work.resolve("firmware");
    Path deb = Path.of(Product.run("packages", "fetch", "qemu-efi-aarch64", "--to", work.resolve("packages")).expect(0).out().strip());
    TestTools.run("dpkg-deb", "-x", deb, flash).expect(0);
    Path files = flash.resolve("usr/share/AAVMF");
    String theirs;
    try (Program qemu = TestTools.start("qemu-system-aarch64", "-M", "virt", "-cpu", "cortex-a57", "-m", "1G", "-nographic", "-net", "none",
        "-snapshot", "-drive", "if=pflash,format=raw,readonly=on,file=" + files.resolve("AAVMF_CODE.fd"), "-drive",
        "if=pflash,format=raw,file=" + files.resolve("AAVMF_VARS.fd"), "-drive", "if=none,id=d,format=raw,file=" + DebianDisk.in(work),
        "-device",
        "virtio-blk-device,drive=d")) {
      theirs = qemu.awaitOutput("(?s)^.*EFI stub: Exiting boot services", LONG).group();
    }
    String ours = Product.run("boot", "--firmware", "aavmf", "--memory", "1G", "--disk", DebianDisk.in(work), "--until",
        "EFI stub: Exiting boot services").expect(0).out();
    assertEquals(said(theirs), said(ours));
  }

  @TestFactory
  List<DynamicTest> whatFirmwareKeepsAndSays() {
    return Lane.onlyFull(dynamicTest("efibootmgr decides the next boot, and the next process's", UefiDiskTest::nextBoot),
        dynamicTest("U-Boot boots it by bootefi and keeps its environment", UefiDiskTest::uBoot),
        dynamicTest("QEMU says the same", UefiDiskTest::sideBySide));
  }
}
