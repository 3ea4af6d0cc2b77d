// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.boot;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.product.Product;
import org.xenolith.it.product.Program;
import org.xenolith.it.product.PvhGrub;
import org.xenolith.it.product.TestTools;
import org.xenolith.testkit.FullLane;

/**
 * Debian's GRUB for PVH as a guest's kernel: 32-bit code whose hypercalls, rings and shared_info are laid out as for 32-bit x86. It reads the disk's file system and starts Debian's kernel from there, which
 * has 64 bits and sets up all of that anew.
 */
class PvhGrubTest {
  @TempDir
  private static Path work;

  @TestFactory
  List<DynamicTest> grubOnItsDisk() {
    return List.of(dynamicTest("is typed to", PvhGrubTest::typed));
  }

  /** A disk that is one file system, with GRUB's configuration where Debian's looks for it. */
  private static Path disk(String name, String configuration) throws Exception {
    Path tree = work.resolve(name);
    Path boot = Files.createDirectories(tree.resolve("boot/grub")).getParent();
    Files.writeString(boot.resolve("grub/grub.cfg"), configuration);
    Path guest = work.resolve("guest");
    if (!Files.exists(guest)) {
      Product.run("guests", "fetch", "debian-amd64-cloud", "--to", guest).expect(0);
    }
    Files.copy(guest.resolve("Image"), boot.resolve("vmlinuz"));
    Files.copy(guest.resolve("initrd"), boot.resolve("initrd"));
    Path image = work.resolve(name + ".img");
    TestTools.run("mke2fs", "-q", "-t", "ext4", "-d", tree, image, "48M").expect(0);
    return image;
  }

  private static Object[] boot(String name, String configuration, String until, Object... more) throws Exception {
    Path config = Files.writeString(work.resolve(name + ".cfg"), """
        name = "guest"
        type = "pvh"
        kernel = "%s"
        memory = 256
        disk = [ '%s,raw,xvda,rw' ]
        """.formatted(PvhGrub.fetched(), disk(name, configuration)));
    return Stream.concat(Stream.of("boot", "pc-pvh", "--hypervisor", "--no-dom0", "--domu", config, "--console", "guest", "--until", until,
        "--limit", 60), Stream.of(more)).toArray();
  }

  @Test
  @FullLane
  void startsDebiansKernelFromItsDisk() throws Exception {
    var outcome = Product.run(boot("kernel", """
        linux /boot/vmlinuz console=hvc0
        initrd /boot/initrd
        boot
        """, "XENOLITH-DONE")).expect(0).outHas("Welcome to GRUB!").outHas("Hypervisor detected: Xen HVM").outHas(
        "Switched to clocksource xen")
        .outHas("XENOLITH-MARKER");
    assertFalse(outcome.out().matches("(?s).*(error:|Kernel panic|WARNING:|BUG|Firmware Bug|ACPI Error).*"), outcome.toString());
  }

  private static void typed() throws Exception {
    try (Program program = Product.startWithInput(boot("typed", "set configuration=read\n", "XENOLITH-xen\\S*-DONE", "--stdin"))) {
      program.awaitOutput("grub> ", Product.LONG);
      program.type("ls (xen/xvda)/boot/\n");
      program.awaitOutput("vmlinuz", Product.LONG);
      program.type("echo XENOLITH-$grub_platform-DONE\n");
      program.await(Product.LONG).expect(0).outHas("XENOLITH-xen_pvh-DONE");
    }
  }
}
