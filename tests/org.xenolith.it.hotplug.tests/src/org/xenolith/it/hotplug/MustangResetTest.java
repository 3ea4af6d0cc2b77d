// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hotplug;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.xenolith.boot.api.GuestRequest;
import org.xenolith.boot.api.GuestSource;
import org.xenolith.it.guest.GuestMachine;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.it.guest.ShellGuest;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.testkit.Lane;

/** Mustang is reset by a word of its system controller, and firmware does its part again. */
class MustangResetTest {
  private static final String SCU = "org.xenolith.hw.xgene.scu";
  private final InstalledProduct product = InstalledProduct.get();

  @TestFactory
  List<DynamicTest> debianRebootsMustang() {
    return Lane.onlyFull(DynamicTest.dynamicTest("by its tree", this::byItsTree),
        DynamicTest.dynamicTest("by its tables", this::byItsTables));
  }

  private RequestBuilder mustang(String words) {
    GuestSource debian = product.services(GuestSource.class).stream().filter(s -> s.name().equals("debian")).findFirst().orElseThrow();
    Path tree = debian.obtain(System.out::println, GuestRequest.PLAIN).deviceTrees().orElseThrow().resolve("apm/apm-mustang.dtb");
    return RequestBuilder.of(tree.toString()).memory(256L << 20).guest("debian").append(words).bootsAgain(true);
  }

  private void byItsTree() throws IOException {
    try (GuestMachine guest = GuestMachine.launch(mustang("console=ttyS0 cryptomgr.notests xl.shell").cpus(1).build())) {
      guest.runUntil(ShellGuest.PROMPT);
      assertTrue(product.change().replace(SCU, new ByteArrayInputStream(JarEdit.version(product.jar(SCU), "1.0.1"))).done());
      guest.type("reboot -f\n");
      guest.runUntil("Booting Linux");
      guest.runUntil(ShellGuest.PROMPT);
      assertTrue(product.change().remove(SCU).done());
      guest.type("reboot -f\n");
      guest.runUntil("Unable to restart system");
    } finally {
      product.restore();
    }
  }

  /** By ACPI Linux knows of no way to reset the board but EFI's, so that a program writes the word. */
  private void byItsTables() throws IOException {
    try (GuestMachine guest = GuestMachine.launch(mustang("quiet xl.pci xl.shell").option("firmware", "acpi").option("pci", "0.0=nvme")
        .build())) {
      guest.runUntil(ShellGuest.PROMPT);
      assertEquals("8", guest.command("nproc").strip());
      long before = guest.machine().now();
      guest.type("busybox devmem 0x17000014 32 1\n");
      guest.runUntil(ShellGuest.PROMPT);
      assertTrue(guest.machine().now() > before + 1_000_000_000L, "a reset takes its time");
      assertEquals("8", guest.command("nproc").strip());
      assertEquals("0x1b36", guest.command("cat /sys/bus/pci/devices/0000:01:00.0/vendor").strip());
    }
  }
}
