// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.product.DebianParts;
import org.xenolith.it.product.Edk2;
import org.xenolith.it.product.LogLines;
import org.xenolith.it.product.Outcome;
import org.xenolith.it.product.Product;
import org.xenolith.it.product.TestTools;
import org.xenolith.it.product.XenHypervisor;
import org.xenolith.testkit.Lane;

/**
 * The same ArmVirtXen, disk and kernel in a domain of Debian's Xen 4.17, made by Debian's xl, and in one of ours with {@code strict-xen}: both say
 * the same to the end, which is the kernel's BUG because edk2 leaves the page with shared information mapped.
 */
class ArmVirtXenOnXenTest {
  private static final String BUG = "kernel BUG at arch/arm64/xen";
  private static final String LAST = "Attempted to kill init";
  private static final String SECONDS = "30";
  /** The boards' names and interrupts, what follows from the tree's size, a random number. */
  private static final Pattern DIFFERENT = Pattern.compile(
      "Machine model: .*|Hardware name: .*|GICv3: \\d+ SPIs implemented|efi: MEMATTR=.*"
          + "|x14: .*|---\\[ end Kernel panic.*");
  private static final long DISK = 64 << 20;

  @TempDir
  Path work;

  @TestFactory
  List<DynamicTest> onXen() {
    return Lane.onlyFull(dynamicTest("firmware and kernel say the same as on Xen", this::firmwareAndKernelSayTheSameAsOnXen));
  }

  void firmwareAndKernelSayTheSameAsOnXen() throws IOException, InterruptedException {
    Path disk = disk();
    Path config = Files.writeString(work.resolve("uefi.cfg"), """
        name = "uefi"
        firmware = "%s"
        memory = 256
        disk = [ '%s,raw,xvda,rw' ]
        """.formatted(Edk2.built().resolve("XEN_EFI.fd"), disk));
    List<String> ours = said(Product.run("boot", "--hypervisor", "--no-dom0", "--gic", 3, "--memory", "1G", "--domu", config, "--set",
        "/xenolith-hypervisor:strict-xen=true", "--console", "uefi", "--until", LAST).outHas(BUG));
    assertEquals(said(onXen(disk).outHas("UEFI-END")), ours);
  }

  /** FAT, with Debian's kernel where firmware looks. */
  private Path disk() throws IOException, InterruptedException {
    Path image = work.resolve("disk.img");
    try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
      file.setLength(DISK);
    }
    TestTools.run("mformat", "-i", image, "::").expect(0);
    TestTools.run("mmd", "-i", image, "::/EFI", "::/EFI/BOOT").expect(0);
    TestTools.run("mcopy", "-i", image, DebianParts.fetched().kernel(), "::/EFI/BOOT/BOOTAA64.EFI").expect(0);
    return image;
  }

  private Outcome onXen(Path disk) throws IOException, InterruptedException {
    Path script = work.resolve("uefi-domain");
    try (InputStream in = getClass().getResourceAsStream("uefi-domain")) {
      Files.copy(in, script);
    }
    Path dom0 = work.resolve("dom0");
    Product.run("guests", "fetch", "debian", "--to", dom0, "--package", "xen-utils-4.17", "--package", "xen-utils-common", "--package",
        "xenstore-utils", "--add-file", "/root/uefi-domain=" + script, "--add-file", "/root/XEN_EFI.fd=" + Edk2.built().resolve(
            "XEN_EFI.fd"),
        "--add-file", "/root/xen-blkback.ko=" + backend()).expect(0);
    return Product.run("boot", "virt", "--gic", 3, "--memory", "1G", "--el2", "--kernel", XenHypervisor.fetched(), "--append",
        "dom0_mem=448M",
        "--module", "kernel=" + dom0.resolve("Image") + ",console=hvc0 quiet " + Boot.SHORT
            + " xl.disk xl.xenstored xl.run=/root/uefi-domain,"
            + SECONDS, "--module", "ramdisk=" + dom0.resolve("initrd"), "--disk", disk, "--limit", 200, "--until", "UEFI-END");
  }

  /** The back end of disks, a module of the kernel's package. */
  private Path backend() throws InterruptedException {
    Path packages = work.resolve("packages");
    Product.run("packages", "fetch", "debian", "--to", packages).expect(0);
    Product.shell("cd '" + packages
        + "' && dpkg-deb --fsys-tarfile linux-image-*.deb | tar -x --wildcards --strip-components 8 '*/xen-blkback.ko*'"
        + " && { [ ! -e xen-blkback.ko.xz ] || xz -d xen-blkback.ko.xz; }").expect(0);
    return packages.resolve("xen-blkback.ko");
  }

  /** From the firmware's first word on, without time and escapes. */
  private static List<String> said(Outcome outcome) {
    String text = outcome.out().replace("\r", "").replaceAll("\u001b\\[=?[0-9;]*[a-zA-Z]", "");
    List<String> lines = LogLines.withoutStamps(text.substring(text.indexOf("UEFI firmware (version")).lines().toList());
    int end = 0;
    while (!lines.get(end).contains(LAST)) {
      end++;
    }
    return lines.subList(0, end).stream().filter(line -> !line.isEmpty() && !DIFFERENT.matcher(line).matches()).toList();
  }
}
