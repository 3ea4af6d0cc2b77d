// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.boot;

import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.product.Edk2;
import org.xenolith.it.product.Product;
import org.xenolith.it.product.Program;
import org.xenolith.testkit.Lane;

/**
 * Debian's {@code xl} in a Dom0 from a disk makes a domain from another disk, which Dom0's kernel serves it: on our hypervisor and on Debian's
 * Xen, both started by GRUB. Two images of one and a half minutes each, two boots of one: the full lane's.
 */
class DiskDomUTest {
  private static final Duration LONG = Duration.ofMinutes(10);

  @TempDir
  private static Path work;

  private static Path image(String name, Object... words) throws Exception {
    Path image = work.resolve(name + ".img");
    List<Object> line = new ArrayList<>(List.of("image", "make", "debian", "--to", image));
    line.addAll(List.of(words));
    try (Program making = Product.start(line.toArray())) {
      making.await(LONG).expect(0);
    }
    return image;
  }

  private static Path dom0(String name, String start, Object... hypervisor) throws Exception {
    Path settings = Files.writeString(work.resolve("dom0.cfg"), "GRUB_DEFAULT=2\n");
    Path domain = Files.writeString(work.resolve(name + ".cfg"), """
        name = "guest"
        type = "pvh"
        memory = 384
        disk = [ 'phy:/dev/disk/by-path/platform-a003e00.virtio_mmio,xvda,w' ]
        """ + start);
    Path script = work.resolve("xl-guest");
    try (InputStream in = DiskDomUTest.class.getResourceAsStream("xl-guest")) {
      Files.write(script, in.readAllBytes());
    }
    List<Object> words = new ArrayList<>(List.of("--package", "xen-utils-4.17", "--package", "xen-utils-common", "--package",
        "xenstore-utils", "--add-file", "/etc/default/grub.d/dom0.cfg=" + settings, "--add-file", "/root/guest.cfg=" + domain, "--add-file",
        "/root/xl-guest=" + script));
    words.addAll(List.of(hypervisor));
    return image(name, words.toArray());
  }

  /** Firmware tries the disk first that is named last. What is typed is short: Xen's console forgets what comes faster than it is read. */
  private static void run(String name, String machine, Path dom0, String first) throws Exception {
    Path guest = work.resolve("guest.img");
    if (!Files.exists(guest)) {
      image("guest");
    }
    Path scenario = Files.writeString(work.resolve(name + ".scenario"), """
        description: xl makes a domain from a disk of its own.
        %s
        disks: [{image: %s}, {image: %s}]
        limit: {virtual: 300s, host: 9min}
        steps:
          - expect: 'debian login: $'
          - type: "root\\n"
          - expect: 'root@debian:~# $'
          - type: "sh xl-guest\\n"
          - expect: '%s'
          - expect: 'debian login: $'
          - type: "root\\n"
          - expect: 'root@debian:~# $'
          - type: "findmnt -no SOURCE /; poweroff\\n"
          - expect: '/dev/xvda2'
          - expect: 'XENOLITH-LEFT 0'
          - check: event
            kind: model-failed
            count: 0
        """.formatted(machine, guest, dom0, first));
    try (Program program = Product.start("run", scenario)) {
      program.await(LONG).expect(0);
    }
  }

  private static void onOurs() throws Exception {
    Path loader = work.resolve("xenolith.efi");
    Product.run("loader", "--to", loader).expect(0);
    run("ours", """
        platform: {board: virt, memory: 2G, gic: 3, firmware: aavmf, option: [fw-cfg=no-acpi]}
        hypervisor: true""", dom0("ours", "kernel = '/root/XEN_EFI.fd'\n", "--add-file", "/boot/xenolith.efi=" + loader, "--add-file",
        "/root/XEN_EFI.fd=" + Edk2.built().resolve("XEN_EFI.fd")), "UEFI firmware");
  }

  /** From version 4.17 on Xen refuses kernels that edk2 started: here the domain's kernel is Dom0's. */
  private static void onXen() throws Exception {
    run("xen", "platform: {board: virt, memory: 2G, gic: 3, el2: true, firmware: aavmf, option: [fw-cfg=no-acpi]}", dom0("xen", """
        kernel = "/vmlinuz"
        ramdisk = "/initrd.img"
        extra = "console=hvc0 root=/dev/xvda2 ro"
        """, "--package", "xen-hypervisor-4.17-arm64"), "Booting Linux on physical CPU");
  }

  @TestFactory
  List<DynamicTest> debiansXlMakesADomainFromADisk() {
    return Lane.onlyFull(dynamicTest("on our hypervisor", DiskDomUTest::onOurs), dynamicTest("on Debian's Xen", DiskDomUTest::onXen));
  }
}
