// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.boot;

import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.product.Product;
import org.xenolith.it.product.Program;
import org.xenolith.testkit.Lane;

/**
 * Debian's shim, GRUB and kernel come to a login in a domain, from its PV disk by XENIO on Xen's platform device, which Dom0 has set aside; XENIO of
 * the device tree is taken away. And kernels meet edk2's older way with shared_info. Full lane, as each boot takes a dozen seconds.
 */
class OwnFirmwareXenIoPciDiskTest {
  private static final Duration LONG = Duration.ofMinutes(10);
  private static final String LOGIN = "debian login: ";

  @TempDir
  private static Path work;

  private static Path config(String name, String more) throws Exception {
    return Files.writeString(work.resolve(name + ".cfg"), """
        name = "own"
        firmware = "xenolith"
        memory = 512
        disk = [ '%s,raw,xvda,rw' ]
        %s
        """.formatted(DebianDisk.in(work), more));
  }

  private static void run(String name, String text) throws Exception {
    try (Program program = Product.start("run", Files.writeString(work.resolve(name + ".scenario"), text))) {
      program.await(LONG).expect(0);
    }
  }

  private static void bootsByXenIoOnPci() throws Exception {
    run("pci", """
        description: Debian from a domain's disk by XENIO on PCI.
        platform: {board: virt, gic: 3, iommu: smmuv3, memory: 1536M, pci: [1.0=root-port, 1.0/0.0=xen-platform]}
        hypervisor: true
        guest: {name: debian, append: xl.shell cryptomgr.notests quiet}
        limit: {virtual: 200s, host: 8min}
        steps:
          - expect: 'xenolith:/# $'
          - monitor: xl pci-assignable-add 01:00.0
          - remove: org.xenolith.efi.xenio.fdt
          - monitor: xl create %s
          - expect: 'Xenolith UEFI firmware'
            on: own
          - wait: 1s
          - monitor: efi dh
            answers: '(?s).*PciRoot\\(0x0\\)/Pci\\(0x0,0x0\\)/VenHw\\(3D3CA290-B9A5-11E3-B75D-B8AC6F7D65E6,010000CA\\)/HD.*'
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
          - type: "findmnt -no SOURCE /; cat /sys/bus/pci/devices/*/device; poweroff\\n"
            on: own
          - expect: '/dev/xvda2'
            on: own
          - expect: '0x0001'
            on: own
          - wait: 15s
          - check: domain
            domain: own
            present: false
          - check: event
            kind: model-failed
            count: 0
        """.formatted(config("pci", "pci = [ '01:00.0' ]"), LOGIN));
  }

  /** @param shows what the kernel shows, one behind the other */
  private static void meetsSharedInfo(String name, boolean kept, String... shows) throws Exception {
    run(name, """
        description: A kernel of Debian behind our own firmware on a hypervisor that moves no shared_info.
        platform: {board: virt, gic: 3, memory: 1G,
            set: ['/xenolith-hypervisor:strict-xen=true', '/xenolith-boot-services:xenbus-keeps-shared-info=%s']}
        hypervisor: {no-dom0: true, domus: [%s]}
        limit: {virtual: 200s, host: 8min}
        steps:
          - expect: 'EFI stub: Exiting boot services'
            on: own
        """.formatted(kept, config(name, "")) + Arrays.stream(shows).map("  - expect: '%s'\n    on: own\n"::formatted).collect(Collectors
        .joining()));
  }

  @TestFactory
  List<DynamicTest> debianStartsInADomain() {
    return Lane.onlyFull(dynamicTest("by XENIO on PCI", OwnFirmwareXenIoPciDiskTest::bootsByXenIoOnPci),
        dynamicTest("shared_info is not in its way on strict Xen", () -> meetsSharedInfo("clean", false, LOGIN + "$")),
        dynamicTest("with edk2's way with shared_info the kernel gives up on strict Xen", () -> meetsSharedInfo("kept", true,
            "pc : xen_guest_init", "Kernel panic - not syncing")));
  }
}
