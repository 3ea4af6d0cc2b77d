// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.boot;

import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.product.Product;
import org.xenolith.it.product.Program;
import org.xenolith.it.product.PvhGrub;
import org.xenolith.it.product.TestTools;
import org.xenolith.testkit.FullLane;

/** Our own UEFI firmware in a guest of x86-64, which is entered by the PVH boot ABI: Debian's GRUB for UEFI starts Debian's kernel from the guest's PV disk. */
class PvhFirmwareTest {
  @TempDir
  private static Path work;

  private static Path config(String disk) throws Exception {
    return Files.writeString(work.resolve("guest.cfg"), """
        name = "guest"
        type = "pvh"
        firmware = "xenolith"
        memory = 256
        """ + disk);
  }

  /** A disk that is one file system, with GRUB where firmware looks for a program on removable media, and its configuration where Debian's looks for that. */
  private static Path withGrub() throws Exception {
    Path guest = work.resolve("kernel");
    Product.run("guests", "fetch", "debian-amd64-cloud", "--to", guest).expect(0);
    Path image = work.resolve("esp.img");
    TestTools.run("mformat", "-C", "-T", "131072", "-h", "64", "-s", "32", "-F", "-i", image, "::").expect(0);
    TestTools.run("mmd", "-i", image, "::/EFI", "::/EFI/BOOT", "::/EFI/debian").expect(0);
    Path configuration = Files.writeString(work.resolve("grub.cfg"), "linux /vmlinuz console=hvc0\ninitrd /initrd\nboot\n");
    TestTools.run("mcopy", "-i", image, PvhGrub.efi(), "::/EFI/BOOT/BOOTX64.EFI").expect(0);
    TestTools.run("mcopy", "-i", image, configuration, "::/EFI/debian/grub.cfg").expect(0);
    TestTools.run("mcopy", "-i", image, guest.resolve("Image"), "::/vmlinuz").expect(0);
    TestTools.run("mcopy", "-i", image, guest.resolve("initrd"), "::/initrd").expect(0);
    return config("disk = [ '%s,raw,xvda,rw' ]\n".formatted(image));
  }

  @Test
  void saysThatThereIsNothingToBoot() throws Exception {
    Product.run("boot", "pc-pvh", "--hypervisor", "--no-dom0", "--domu", config(""), "--console", "guest", "--until",
        "Nothing could be booted", "--limit", 60).expect(0).outHas("Xenolith UEFI firmware");
  }

  @Test
  @FullLane
  void startsDebiansKernelFromItsDisk() throws Exception {
    var outcome = Product.run("boot", "pc-pvh", "--hypervisor", "--no-dom0", "--memory", "1G", "--domu", withGrub(), "--console", "guest",
        "--until", "XENOLITH-DONE", "--limit", 120).expect(0).outHas("Welcome to GRUB!").outHas("efi: EFI v2.100 by Xenolith").outHas(
            "DMI: The Xenolith project PVH guest").outHas(
                "Booting paravirtualized kernel on Xen PVH").outHas("XENOLITH-DOMU vbd-51712=Connected");
    assertFalse(outcome.out().matches("(?s).*(Kernel panic|WARNING:|BUG|Firmware Bug|ACPI Error).*"), outcome.toString());
  }

  /** Without XENIO there is no disk. What comes while the firmware waits is connected. */
  @Test
  @FullLane
  void layersAreReplacedWhileAGuestStarts() throws Exception {
    Path scenario = Files.writeString(work.resolve("layers.scenario"), """
        description: Layers of our own firmware leave, come and are replaced in a PVH guest.
        platform: {board: pc-pvh, memory: 1G}
        hypervisor: {no-dom0: true}
        limit: {virtual: 200s, host: 8min}
        steps:
          - remove: org.xenolith.efi.xenio.pvh
          - monitor: xl create %s
          - expect: 'Nothing could be booted'
            on: guest
          - plug: org.xenolith.efi.xenio.pvh
          - expect: 'Welcome to GRUB!'
            on: guest
          - replace: org.xenolith.efi.xenio.pvh
          - replace: org.xenolith.efi.xenbus
          - replace: org.xenolith.efi.xenpvblk
          - replace: org.xenolith.hyp.efi.boot
          - monitor: efi dh
            answers: '(?s).*VenHw\\(5C9DE4FB-8B5F-4F0C-A1D9-3B0B6E2F7A54.*\\)/VenHw\\(3D3CA290-B9A5-11E3-B75D-B8AC6F7D65E6,010000CA\\).*'
          - expect: 'efi: EFI v2.100 by Xenolith'
            on: guest
          - expect: 'XENOLITH-DONE'
            on: guest
          - check: event
            kind: model-failed
            count: 0
        """.formatted(withGrub()));
    try (Program program = Product.start("run", scenario)) {
      program.await(Product.LONG).expect(0);
    }
  }
}
