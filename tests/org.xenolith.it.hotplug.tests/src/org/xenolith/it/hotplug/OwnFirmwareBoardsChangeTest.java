// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hotplug;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.boot.api.GuestRequest;
import org.xenolith.boot.api.GuestSource;
import org.xenolith.efi.boot.api.BootNode;
import org.xenolith.efi.boot.api.InspectionPort;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.it.guest.DiskPrograms;
import org.xenolith.it.guest.GuestMachine;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.machine.control.LiveChange.Change;
import org.xenolith.machine.control.Machine.RunLimit;
import org.xenolith.testkit.FullLane;
import org.xenolith.testkit.Lane;

/** On the tree of APM's Mustang our own firmware has the console of a 16550 and a disk behind X-Gene's port; their layers are replaced meanwhile. */
@FullLane
class OwnFirmwareBoardsChangeTest {
  private static final List<String> BUNDLES = List.of("org.xenolith.efi.ns16550", "org.xenolith.efi.pci.xgene", "org.xenolith.efi.pci",
      "org.xenolith.efi.nvme", "org.xenolith.firmware.efi.boot");
  private static final int ROUNDS = Lane.full() ? 50 : 6;

  @TempDir
  private Path folder;
  private final InstalledProduct product = InstalledProduct.get();

  @AfterEach
  void restoreTheProduct() throws IOException {
    product.restore();
  }

  private LaunchRequest mustang(Path disk) throws IOException {
    GuestSource debian = product.services(GuestSource.class).stream().filter(s -> s.name().equals("debian")).findFirst().orElseThrow();
    Path tree = debian.obtain(System.out::println, GuestRequest.PLAIN).deviceTrees().orElseThrow().resolve("apm/apm-mustang.dtb");
    return RequestBuilder.of(tree.toString()).memory(128L << 20).option("firmware", "xenolith").option("pci", "0.0=nvme").disks(List.of(disk
        + ",pci=0.0")).build();
  }

  private static void runTo(GuestMachine guest, long instructions) {
    guest.machine().run(new RunLimit(Long.MAX_VALUE, instructions));
    assertEquals(instructions, guest.machine().instructions());
  }

  @Test
  void mustangsLayersAreReplacedWhileAProgramReads() throws IOException {
    LaunchRequest request = mustang(DiskPrograms.reader(folder));
    long end;
    String expected;
    String digest;
    try (GuestMachine guest = GuestMachine.launch(request)) {
      guest.runUntil(DiskPrograms.READ_ALL);
      end = guest.machine().instructions() + 2000;
      runTo(guest, end);
      expected = guest.console().text();
      digest = guest.machine().digest();
      assertEquals(List.of(), List.of("model-failed", "unmodelled-access", "inbound-refused", "outbound-refused", "config-closed",
          "clock-off").stream().filter(guest.machine().events()::containsKey).toList(), guest::events);
    }
    assertTrue(expected.startsWith("Xenolith UEFI firmware\na program from a disk\nread\n"), expected);
    Path saved = folder.resolve("saved");
    try (GuestMachine guest = GuestMachine.launch(request)) {
      for (int round = 0; round < ROUNDS; round++) {
        runTo(guest, end / (ROUNDS + 1) * (round + 1));
        for (String bundle : BUNDLES) {
          Change done = product.change().replace(bundle, new ByteArrayInputStream(JarEdit.version(product.jar(bundle), "1.0." + (1 + round
              % 2))));
          assertTrue(done.done(), done::reason);
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
    withoutAPort(request, end);
  }

  /** Without its layer a port isn't seen until it is back; without a console firmware boots all the same. */
  private void withoutAPort(LaunchRequest request, long end) throws IOException {
    Change port = product.change().remove("org.xenolith.efi.pci.xgene");
    assertTrue(port.done(), port::reason);
    try (GuestMachine guest = GuestMachine.launch(request)) {
      guest.runUntil("Nothing could be booted");
      assertTrue(product.change().add(new ByteArrayInputStream(product.jar("org.xenolith.efi.pci.xgene"))).done());
      guest.runUntil(DiskPrograms.READ_ALL);
    }
    Change uart = product.change().remove("org.xenolith.efi.ns16550");
    assertTrue(uart.done(), uart::reason);
    try (GuestMachine guest = GuestMachine.launch(request)) {
      runTo(guest, end);
      assertEquals("", guest.console().text());
      assertTrue(guest.machine().port(BootNode.PATH, InspectionPort.class).answer("dh").stream().anyMatch(line -> line.contains(
          "SimpleFileSystem")), guest::events);
    }
  }

  @Test
  void driversAreDisconnectedAndConnectedAHundredTimes() throws IOException {
    try (GuestMachine guest = GuestMachine.launch(mustang(DiskPrograms.reconnecter(folder, Protocol.PCI_ROOT_BRIDGE_IO)))) {
      guest.runUntil(DiskPrograms.FIRST);
      InspectionPort firmware = guest.machine().port(BootNode.PATH, InspectionPort.class);
      List<String> handles = firmware.answer("dh").stream().map(line -> line.substring(4)).sorted().toList();
      List<String> memory = firmware.answer("memmap");
      assertTrue(handles.stream().anyMatch(line -> line.contains("PciRoot(0x0)/Pci(0x0,0x0)/Pci(0x0,0x0)/NVMe(0x1,") && line.contains(
          "SimpleFileSystem")), handles::toString);
      guest.runUntil(DiskPrograms.LAST);
      assertEquals(handles, firmware.answer("dh").stream().map(line -> line.substring(4)).sorted().toList());
      assertEquals(memory, firmware.answer("memmap"));
    }
  }
}
