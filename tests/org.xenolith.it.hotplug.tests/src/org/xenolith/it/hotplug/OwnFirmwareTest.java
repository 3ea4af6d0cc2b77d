// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hotplug;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.guest.GuestMachine;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.machine.control.LiveChange.Change;
import org.xenolith.machine.control.Machine.RunLimit;
import org.xenolith.testkit.Lane;

/** Our own UEFI firmware starts Debian's kernel, by its EFI stub, while its core and layers are replaced, removed and put back in the middle of calls. */
class OwnFirmwareTest {
  private static final List<String> BUNDLES = List.of("org.xenolith.firmware.efi.boot", "org.xenolith.efi.manager",
      "org.xenolith.efi.terminal",
      "org.xenolith.efi.pl011");
  private static final int ROUNDS = Lane.full() ? 50 : 8;
  private static final String LEFT = "Exiting boot services";

  @TempDir
  private Path folder;
  private final InstalledProduct product = InstalledProduct.get();

  @AfterEach
  void restoreTheProduct() throws IOException {
    product.restore();
  }

  private static LaunchRequest request() {
    return RequestBuilder.of("virt").boardOption("gic", "3").memory(256L << 20).guest("debian").append("cryptomgr.notests").option(
        "firmware",
        "xenolith").build();
  }

  private static void runTo(GuestMachine guest, long instructions) {
    guest.machine().run(new RunLimit(Long.MAX_VALUE, instructions));
    assertEquals(instructions, guest.machine().instructions());
  }

  private void change(String bundle, int round) throws IOException {
    Change done = product.change().replace(bundle, new ByteArrayInputStream(JarEdit.version(product.jar(bundle), "1.0." + (1 + round
        % 2))));
    assertTrue(done.done(), done::reason);
    assertEquals(1, done.devices(), bundle);
  }

  @Test
  void kernelStartsWhileLayersAreReplaced() throws IOException {
    long end;
    String expected;
    String digest;
    try (GuestMachine guest = GuestMachine.launch(request())) {
      guest.runUntil(LEFT);
      end = guest.machine().instructions() + 2000;
      runTo(guest, end);
      expected = guest.console().text();
      digest = guest.machine().digest();
      guest.runUntil("Registered efivars operations");
    }
    assertTrue(expected.startsWith("Xenolith UEFI firmware\nEFI stub: Booting Linux Kernel..."), expected);
    Path saved = folder.resolve("saved");
    try (GuestMachine guest = GuestMachine.launch(request())) {
      for (int round = 0; round < ROUNDS; round++) {
        runTo(guest, end / (ROUNDS + 1) * (round + 1));
        for (String bundle : BUNDLES) {
          change(bundle, round);
        }
        if (round == ROUNDS / 2) {
          guest.save(saved);
        }
      }
      runTo(guest, end);
      assertEquals(expected, guest.console().text());
      assertEquals(digest, guest.machine().digest());
    }
    try (GuestMachine guest = GuestMachine.launch(RequestBuilder.ofSnapshot(saved).build())) {
      runTo(guest, end);
      assertEquals(digest, guest.machine().digest());
    }
    layersGoAndComeBack(end);
  }

  /** Without its console firmware says nothing and goes on; without its manager it waits for one; without its core nobody answers. */
  private void layersGoAndComeBack(long end) throws IOException {
    Change manager = product.change().remove("org.xenolith.efi.manager");
    assertTrue(manager.done(), manager::reason);
    try (GuestMachine guest = GuestMachine.launch(request())) {
      guest.runFor(500);
      assertTrue(guest.events().contains("efi-manager"), guest::events);
      Change terminal = product.change().remove("org.xenolith.efi.terminal");
      assertTrue(terminal.done(), terminal::reason);
      assertTrue(product.change().add(new ByteArrayInputStream(product.jar("org.xenolith.efi.manager"))).done());
      guest.runUntil("Registered efivars operations");
      assertFalse(guest.console().text().contains("EFI stub"), () -> guest.console().text());
      assertTrue(product.change().add(new ByteArrayInputStream(product.jar("org.xenolith.efi.terminal"))).done());
    }
    try (GuestMachine guest = GuestMachine.launch(request())) {
      runTo(guest, end / 4);
      Change core = product.change().remove("org.xenolith.firmware.efi.boot");
      assertTrue(core.done(), core::reason);
      guest.runFor(100);
      assertFalse(guest.console().text().contains(LEFT), () -> guest.console().text());
    }
  }
}
