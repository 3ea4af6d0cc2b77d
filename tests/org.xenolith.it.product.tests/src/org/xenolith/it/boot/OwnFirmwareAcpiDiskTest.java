// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.boot;

import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.product.Product;
import org.xenolith.it.product.Program;
import org.xenolith.testkit.Lane;

/**
 * Debian comes from a disk to a login by our own firmware that describes the machine by ACPI: on bare metal, as Dom0, in a domain. Each boot takes
 * a dozen seconds: the full lane's.
 */
class OwnFirmwareAcpiDiskTest {
  private static final Duration LONG = Duration.ofMinutes(10);

  @TempDir
  private static Path work;

  private static void run(String name, String text) throws Exception {
    Path scenario = Files.writeString(work.resolve(name + ".scenario"), text);
    try (Program program = Product.start("run", scenario)) {
      program.await(LONG).expect(0);
    }
  }

  /** A variable lasts over the reset, and the machine goes off when it is told to. */
  private static void boots(String name, String platform, String disk, String device) throws Exception {
    run(name, """
        description: Debian from a disk by ACPI.
        platform: {board: virt, memory: 1G, firmware: xenolith, tables: acpi, efi-variables: %s, %s}
        disks: [{image: %s%s}]
        on-reset: boot
        limit: {virtual: 200s, host: 8min}
        steps:
          - expect: 'Booting `Debian GNU/Linux'
          - expect: 'efi: EFI v2.100 by Xenolith'
          - expect: 'ACPI: RSDP '
          - expect: 'debian login: $'
          - type: "root\\n"
          - expect: 'root@debian:~# $'
          - type: "cat /proc/device-tree/model; ls /sys/firmware/acpi/tables | xargs; echo by=$(basename $(readlink -f /sys/class/tty/ttyAMA0/device/firmware_node/subsystem))\\n"
          - expect: 'No such file'
          - expect: 'APIC .*DSDT .*FACP .*GTDT .*SPCR'
          - expect: 'by=acpi'
          - expect: 'root@debian:~# $'
          - type: "echo complaints=$(dmesg | grep -cE 'ACPI Error|ACPI BIOS|Firmware Bug|WARNING') state=$(systemctl is-system-running --wait)\\n"
          - expect: 'complaints=0 state=running'
          - expect: 'root@debian:~# $'
          - type: "efibootmgr -q -c -d %s -p 1 -L Chosen -l '\\\\EFI\\\\debian\\\\grubaa64.efi'; efibootmgr; reboot\\n"
          - expect: 'Chosen'
          - expect: 'Xenolith UEFI firmware'
          - expect: 'debian login: $'
          - type: "root\\n"
          - expect: 'root@debian:~# $'
          - type: "efibootmgr | grep BootCurrent; poweroff\\n"
          - expect: 'BootCurrent: 000'
          - expect: 'Power down'
          - check: event
            kind: model-failed
            count: 0
        """.formatted(work.resolve(name + ".variables"), platform, DebianDisk.in(work), disk, device));
  }

  private static void dom0() throws Exception {
    Path loader = work.resolve("xenolith.efi");
    Product.run("loader", "--to", loader).expect(0);
    Path settings = Files.writeString(work.resolve("dom0.cfg"), "GRUB_DEFAULT=2\n");
    Path disk = work.resolve("dom0.img");
    try (Program making = Product.start("image", "make", "debian", "--to", disk, "--add-file", "/boot/xenolith.efi=" + loader, "--add-file",
        "/etc/default/grub.d/dom0.cfg=" + settings)) {
      making.await(LONG).expect(0);
    }
    run("dom0", """
        description: Dom0 from a disk, by the tables that firmware has.
        platform: {board: virt, memory: 2G, gic: 3, firmware: xenolith, tables: acpi}
        hypervisor: true
        disks: [{image: %s}]
        on-reset: boot
        limit: {virtual: 300s, host: 9min}
        steps:
          - expect: 'Loading Xen .*xenolith'
          - expect: 'efi: EFI v2.50 by Xen'
          - expect: 'ACPI: RSDP '
          - expect: 'debian login: $'
          - type: "root\\n"
          - expect: 'root@debian:~# $'
          - type: "echo state=$(systemctl is-system-running --wait); reboot\\n"
          - expect: 'state=running'
          - expect: 'Loading Xen .*xenolith'
          - expect: 'debian login: $'
          - check: event
            kind: model-failed
            count: 0
        """.formatted(disk));
  }

  private static void domain() throws Exception {
    Path config = Files.writeString(work.resolve("own.cfg"), """
        name = "own"
        firmware = "xenolith"
        acpi = 1
        memory = 512
        vcpus = 2
        disk = [ '%s,raw,xvda,rw' ]
        """.formatted(DebianDisk.in(work)));
    run("domain", """
        description: A domain from its disk by ACPI.
        platform: {board: virt, memory: 1G, gic: 3}
        hypervisor: {no-dom0: true, domus: [%s]}
        limit: {virtual: 200s, host: 8min}
        steps:
          - expect: 'Xenolith UEFI firmware'
            on: own
          - expect: 'Xen 4.17 support found'
            on: own
          - expect: 'ACPI: RSDP 0x0*20000000'
            on: own
          - expect: 'debian login: $'
            on: own
          - type: "root\\n"
            on: own
          - expect: 'root@debian:~# $'
            on: own
          - type: "findmnt -no SOURCE /; nproc; poweroff\\n"
            on: own
          - expect: '/dev/xvda2'
            on: own
          - expect: '^2\\r?$'
            on: own
          - end: poweroff
            within: 15s
          - check: domain
            domain: own
            present: false
          - check: event
            kind: model-failed
            count: 0
        """.formatted(config));
  }

  @TestFactory
  List<DynamicTest> debianStartsByAcpi() {
    return Lane.onlyFull(dynamicTest("virtio by MMIO, GICv2, 2 CPUs", () -> boots("mmio", "gic: 2, cpus: 2", "", "/dev/vda")), dynamicTest(
        "NVMe by MCFG's ECAM, GICv3", () -> boots("nvme", "gic: 3, pci: 1.0=nvme", ", pci: '1.0'", "/dev/nvme0n1")), dynamicTest("at EL2",
            () -> boots(
                "el2", "gic: 3, el2: true", "", "/dev/vda")), dynamicTest("Dom0", OwnFirmwareAcpiDiskTest::dom0), dynamicTest("a domain",
                    OwnFirmwareAcpiDiskTest::domain));
  }
}
