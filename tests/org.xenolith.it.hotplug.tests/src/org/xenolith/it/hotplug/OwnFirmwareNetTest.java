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
import org.xenolith.efi.boot.api.BootNode;
import org.xenolith.efi.boot.api.InspectionPort;
import org.xenolith.it.guest.GuestMachine;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.it.guest.NetworkPrograms;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.machine.control.LiveChange.Change;
import org.xenolith.machine.control.Machine.RunLimit;
import org.xenolith.testkit.FullLane;
import org.xenolith.testkit.Lane;

/** A program sends frames by the network layers of our own UEFI firmware, from a card by legacy MMIO to one by PCI, while layers, cards and switch are replaced. */
@FullLane
class OwnFirmwareNetTest {
  private static final int ROUNDS = Lane.full() ? 50 : 6;
  private static final List<String> BUNDLES = List.of("firmware.efi.boot", "efi.virtionet", "efi.virtio.mmio", "efi.virtio.pci", "efi.pci",
      "efi.pci.ecam", "hw.virtio.net", "net.bridge");

  @TempDir
  private Path folder;
  private final InstalledProduct product = InstalledProduct.get();

  @AfterEach
  void restoreTheProduct() throws IOException {
    product.restore();
  }

  private LaunchRequest request() throws IOException {
    return RequestBuilder.of("virt").boardOption("gic", "3").memory(128L << 20).option("firmware", "xenolith").option("pci", "1.0=virtio")
        .option("nic", ", pci=1.0,mac=52:54:00:aa:bb:cc").settings(List.of("/virtio_mmio@a003c00:legacy=true")).disks(List.of(
            NetworkPrograms.sender(folder).toString())).build();
  }

  private static void runTo(GuestMachine guest, long instructions) {
    guest.machine().run(new RunLimit(Long.MAX_VALUE, instructions));
    assertEquals(instructions, guest.machine().instructions());
  }

  @Test
  void framesGoAndComeWhileLayersAreReplaced() throws IOException {
    long end;
    String expected;
    String digest;
    LaunchRequest request = request();
    try (GuestMachine guest = GuestMachine.launch(request)) {
      guest.runUntil(NetworkPrograms.FRAME);
      List<String> handles = guest.machine().port(BootNode.PATH, InspectionPort.class).answer("dh");
      assertTrue(handles.stream().anyMatch(line -> line.contains("/MAC(525400123456,0x1)")), handles::toString);
      assertTrue(handles.stream().anyMatch(line -> line.contains("PciRoot(0x0)/Pci(0x1,0x0)/MAC(525400AABBCC,0x1)")), handles::toString);
      guest.runUntil(NetworkPrograms.ALL);
      end = guest.machine().instructions() + 2000;
      runTo(guest, end);
      expected = guest.console().text();
      digest = guest.machine().digest();
      assertEquals(List.of(), List.of("model-failed", "unmodelled-access", "virtio-queue-broken", "virtio-net-bad-frame",
          "virtio-net-short-buffer").stream().filter(guest.machine().events()::containsKey).toList(), guest::events);
    }
    assertEquals(NetworkPrograms.FRAMES, expected.lines().filter(NetworkPrograms.FRAME::equals).count(), expected);
    try (GuestMachine guest = GuestMachine.launch(request)) {
      for (int round = 0; round < ROUNDS; round++) {
        runTo(guest, end / (ROUNDS + 1) * (round + 1));
        for (String bundle : BUNDLES) {
          String name = "org.xenolith." + bundle;
          Change done = product.change().replace(name, new ByteArrayInputStream(JarEdit.version(product.jar(name), "1.0." + (1 + round
              % 2))));
          assertTrue(done.done() && done.devices() > 0, () -> name + ": " + done);
        }
      }
      runTo(guest, end);
      assertEquals(expected, guest.console().text());
      assertEquals(digest, guest.machine().digest());
    }
    layerGoesAndComesBack(request, end);
  }

  private void layerGoesAndComesBack(LaunchRequest request, long end) throws IOException {
    assertTrue(product.change().remove("org.xenolith.efi.virtionet").done());
    try (GuestMachine guest = GuestMachine.launch(request)) {
      runTo(guest, end);
      List<String> handles = guest.machine().port(BootNode.PATH, InspectionPort.class).answer("dh");
      assertFalse(handles.isEmpty() || handles.stream().anyMatch(line -> line.contains("MAC(")), handles::toString);
      assertFalse(guest.console().text().contains(NetworkPrograms.FRAME), () -> guest.console().text());
    }
    assertTrue(product.change().add(new ByteArrayInputStream(product.jar("org.xenolith.efi.virtionet"))).done());
    try (GuestMachine guest = GuestMachine.launch(request)) {
      guest.runUntil(NetworkPrograms.FRAME);
      assertTrue(product.change().remove("org.xenolith.efi.virtionet").done());
      guest.runFor(500);
      assertFalse(guest.console().text().contains(NetworkPrograms.ALL), () -> guest.console().text());
    }
  }
}
