// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hotplug;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.xenolith.it.guest.GuestMachine;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.it.guest.ShellGuest;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.testkit.FullLane;

/** Debian's own driver of two virtio entropy devices, one behind virtio-mmio and one behind PCI. */
@FullLane
class VirtioRngGuestTest {
  private static final String BUNDLE = "org.xenolith.hw.virtio.rng";
  private static final String READ = "dd if=/dev/hwrng bs=64 count=400 2>/dev/null | md5sum";
  private static final String DONE = "all re" + "ad";
  private static GuestMachine guest;
  private final InstalledProduct product = InstalledProduct.get();

  @BeforeAll
  static void boot() {
    guest = GuestMachine.launch(RequestBuilder.of("virt").boardOption("gic", "3").memory(256L << 20).guest("debian").append(
        "quiet cryptomgr.notests xl.shell").option("pci", "1.0=virtio").option("rng", ", pci=1.0").build());
    guest.runUntil(ShellGuest.PROMPT);
  }

  @AfterAll
  static void end() throws IOException {
    guest.close();
  }

  @AfterEach
  void restoreTheProduct() throws IOException {
    product.restore();
  }

  private static void unharmed() {
    for (String kind : new String[] {"model-failed", "unmodelled-access", "change-failed", "virtio-queue-broken", "virtio-rng-bad-address",
        "virtio-rng-no-room"}) {
      assertNull(guest.machine().events().get(kind), guest::events);
    }
  }

  @Test
  void theDriverBindsToBothAndReads() {
    assertEquals("virtio_rng.0 virtio_rng.1", guest.command("cat /sys/class/misc/hw_random/rng_available").strip());
    String first = guest.command(READ).strip();
    assertTrue(first.matches("[0-9a-f]{32}  -"), first);
    assertNotEquals(first, guest.command(READ).strip());
    unharmed();
  }

  @Test
  void theDeviceIsReplacedWhileItIsRead() throws IOException {
    int from = guest.console().length();
    guest.type(READ + "; echo all re''ad\n");
    guest.begin();
    for (int i = 1; i <= 5; i++) {
      for (String name : new String[] {BUNDLE, "org.xenolith.hw.virtio.mmio", "org.xenolith.hw.virtio.pci"}) {
        var change = product.change().replace(name, new ByteArrayInputStream(JarEdit.version(product.jar(name), "1.0." + i)));
        assertTrue(change.done() && change.devices() > 0, () -> name + ": " + change);
      }
    }
    guest.console().await(ShellGuest.PROMPT, guest.console().await(DONE, from));
    guest.machine().stop();
    guest.end();
    unharmed();
  }

  @Test
  void whoReadsARemovedDeviceWaitsUntilItIsBack() throws IOException {
    assertTrue(product.change().remove(BUNDLE).done());
    int from = guest.console().length();
    guest.type("dd if=/dev/hwrng bs=64 count=100 2>/dev/null | wc -c; echo all re''ad\n");
    guest.runFor(300);
    assertEquals(-1, guest.console().text().indexOf(DONE, from));
    product.restore();
    guest.begin();
    guest.console().await(ShellGuest.PROMPT, guest.console().await(DONE, from));
    guest.machine().stop();
    guest.end();
    unharmed();
  }
}
