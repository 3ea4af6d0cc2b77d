// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.boot;

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
import org.xenolith.testkit.Lane;

/** Debian's shim, GRUB and kernel come from a disk to a login by our own firmware. Each boot takes a dozen seconds: the full lane's. */
class OwnFirmwareDiskTest {
  private static final Duration LONG = Duration.ofMinutes(10);
  private static final String LOGIN = "debian login: ";

  @TempDir
  private static Path work;

  /** @param platform more of it; @param disk more of the disk: where it is */
  private record Kind(String platform, String disk) {}

  private static Map<String, Kind> kinds() {
    Map<String, Kind> kinds = new LinkedHashMap<>();
    kinds.put("virtio by MMIO, GICv2", new Kind("gic: 2", ""));
    kinds.put("legacy virtio by MMIO, GICv3", new Kind("gic: 3, set: '/virtio_mmio@a003e00:legacy=true'", ""));
    kinds.put("firmware at EL2, 4 CPUs", new Kind("gic: 3, el2: true, cpus: 4", ""));
    kinds.put("virtio by PCI", new Kind("gic: 3, pci: 1.0=virtio", ", pci: '1.0'"));
    kinds.put("legacy virtio by PCI, GICv2", new Kind("gic: 2, pcie: ecam, pci: 1.0=virtio-legacy", ", pci: '1.0'"));
    kinds.put("SCSI by MMIO", new Kind("gic: 3", ", drive: scsi"));
    kinds.put("SCSI by PCI, GICv2", new Kind("gic: 2, pcie: ecam, pci: 1.0=virtio", ", drive: scsi, pci: '1.0'"));
    kinds.put("NVMe", new Kind("gic: 3, pci: 1.0=nvme", ", pci: '1.0'"));
    kinds.put("virtio behind a root port and an SMMU", new Kind("gic: 3, iommu: smmuv3, pci: [1.0=root-port, 1.0/0.0=virtio]",
        ", pci: 1.0/0.0"));
    return kinds;
  }

  private static void boots(String name, Kind kind) throws Exception {
    Path scenario = Files.writeString(work.resolve(name.replaceAll("[^A-Za-z0-9]", "-") + ".scenario"), """
        description: Debian from a disk by our own firmware.
        platform: {board: virt, memory: 1G, firmware: xenolith, efi-variables: %s, %s}
        disks: [{image: %s%s}]
        on-reset: boot
        limit: {virtual: 200s, host: 8min}
        steps:
          - expect: 'Xenolith UEFI firmware'
          - expect: 'Booting `Debian GNU/Linux'
          - expect: 'EFI stub: Exiting boot services'
          - expect: 'efi: EFI v2.100 by Xenolith'
          - expect: '%s$'
          - type: "root\\n"
          - expect: 'root@debian:~# $'
          - type: "efibootmgr -q -c -d $(lsblk -dnpo NAME /dev/vda /dev/sda /dev/nvme0n1 2>/dev/null) -p 1 -L Chosen -l '\\\\EFI\\\\debian\\\\grubaa64.efi'; efibootmgr; reboot\\n"
          - expect: 'Chosen'
          - expect: 'Xenolith UEFI firmware'
          - expect: '%s$'
          - type: "root\\n"
          - expect: 'root@debian:~# $'
          - type: "efibootmgr | grep BootCurrent\\n"
          - expect: 'BootCurrent: 000'
          - check: event
            kind: model-failed
            count: 0
        """.formatted(work.resolve(name.replaceAll("[^A-Za-z0-9]", "-") + ".variables"), kind.platform, DebianDisk.in(work), kind.disk,
        LOGIN,
        LOGIN));
    try (Program program = Product.start("run", scenario)) {
      program.await(LONG).expect(0);
    }
  }

  /** In a domain, by XENIO of the device tree; what boots again after a reboot is another domain of the name, with the same variables. */
  private static void bootsInADomain(String name, String platform, String more) throws Exception {
    String file = name.replaceAll("[^A-Za-z0-9]", "-");
    Path config = Files.writeString(work.resolve(file + ".cfg"), """
        name = "own"
        firmware = "xenolith"
        memory = 512
        disk = [ '%s,raw,xvda,rw' ]
        %s
        """.formatted(DebianDisk.in(work), more));
    Path scenario = Files.writeString(work.resolve(file + ".scenario"), """
        description: Debian from a domain's disk by our own firmware.
        platform: {board: virt, memory: 1G, %s}
        hypervisor: {no-dom0: true, domus: [%s]}
        limit: {virtual: 200s, host: 8min}
        steps:
          - expect: 'Xenolith UEFI firmware'
            on: own
          - expect: 'EFI stub: Exiting boot services'
            on: own
          - expect: 'efi: EFI v2.100 by Xenolith'
            on: own
          - expect: '%s$'
            on: own
          - type: "root\\n"
            on: own
          - expect: 'root@debian:~# $'
            on: own
          - type: "findmnt -no SOURCE /; efibootmgr -q -c -d /dev/xvda -p 1 -L Chosen -l '\\\\EFI\\\\debian\\\\grubaa64.efi'; efibootmgr; reboot\\n"
            on: own
          - expect: '/dev/xvda2'
            on: own
          - expect: 'Chosen'
            on: own
          - expect: 'Xenolith UEFI firmware'
            on: own
          - expect: '%s$'
            on: own
          - type: "root\\n"
            on: own
          - expect: 'root@debian:~# $'
            on: own
          - type: "efibootmgr | grep BootCurrent; poweroff\\n"
            on: own
          - expect: 'BootCurrent: 000'
            on: own
          - end: poweroff
            within: 15s
          - check: domain
            domain: own
            present: false
          - check: event
            kind: model-failed
            count: 0
        """.formatted(platform, config, LOGIN, LOGIN));
    try (Program program = Product.start("run", scenario)) {
      program.await(LONG).expect(0);
    }
  }

  @TestFactory
  List<DynamicTest> debianStartsFromItsDisk() {
    List<DynamicTest> tests = new ArrayList<>();
    kinds().forEach((name, kind) -> tests.add(dynamicTest(name, () -> boots(name, kind))));
    tests.add(dynamicTest("a domain, GICv3", () -> bootsInADomain("a domain, GICv3", "gic: 3", "")));
    tests.add(dynamicTest("a domain of 2 CPUs, GICv2", () -> bootsInADomain("a domain of 2 CPUs, GICv2", "gic: 2, cpus: 2", "vcpus = 2")));
    return Lane.onlyFull(tests.toArray(DynamicTest[]::new));
  }
}
