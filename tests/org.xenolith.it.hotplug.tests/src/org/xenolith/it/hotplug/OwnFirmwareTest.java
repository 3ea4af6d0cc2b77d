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
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.it.guest.DiskDigest;
import org.xenolith.it.guest.DiskPrograms;
import org.xenolith.it.guest.GuestMachine;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.machine.control.LiveChange.Change;
import org.xenolith.machine.control.Machine.RunLimit;
import org.xenolith.testkit.FullLane;
import org.xenolith.testkit.Lane;

/** Our own UEFI firmware starts Debian's kernel, by its EFI stub, while its core and layers are replaced, removed and put back in the middle of calls. */
class OwnFirmwareTest {
  private static final List<String> BUNDLES = List.of("org.xenolith.firmware.efi.boot", "org.xenolith.efi.manager",
      "org.xenolith.efi.terminal",
      "org.xenolith.efi.pl011", "org.xenolith.efi.hii", "org.xenolith.efi.collation", "org.xenolith.efi.devicepath");
  private static final List<String> DISK_BUNDLES = List.of("org.xenolith.efi.virtioblk",
      "org.xenolith.efi.diskio",
      "org.xenolith.efi.partition", "org.xenolith.efi.fat");
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
      assertTrue(guest.console().text().contains("] DMI: The Xenolith project "), () -> guest.console().text());
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

  /** The whole chain, from virtio to the boot manager, while a program that it has loaded reads the disk. */
  @Test
  @FullLane
  void programReadsItsDiskWhileDriversAreReplaced() throws IOException {
    readsWhileReplaced(RequestBuilder.of("virt").memory(128L << 20).option("firmware", "xenolith").disks(List.of(DiskPrograms.reader(folder)
        .toString())).build(), List.of("org.xenolith.efi.virtio.mmio"));
  }

  /** Behind a PCI bridge. */
  @Test
  @FullLane
  void programReadsItsPciDiskWhileDriversAreReplaced() throws IOException {
    readsWhileReplaced(pci("virtio", DiskPrograms.reader(folder)), List.of("org.xenolith.efi.pci.ecam", "org.xenolith.efi.pci",
        "org.xenolith.efi.virtio.pci"));
    readsWhileReplaced(pci("nvme", DiskPrograms.reader(folder)), List.of("org.xenolith.efi.pci.ecam", "org.xenolith.efi.pci",
        "org.xenolith.efi.nvme"));
  }

  /** By virtio-scsi behind a PCI bridge, whose driver publishes what the SCSI bus is on; with an entropy device. */
  @Test
  @FullLane
  void programReadsItsScsiDiskWhileDriversAreReplaced() throws IOException {
    readsWhileReplaced(board(DiskPrograms.reader(folder) + ",scsi,pci=1.0/0.0").option("pci", "1.0=root-port 1.0/0.0=virtio").option("rng",
        "").build(), List.of("org.xenolith.efi.virtio.pci", "org.xenolith.efi.virtioscsi", "org.xenolith.efi.scsi",
            "org.xenolith.efi.scsidisk", "org.xenolith.efi.virtiorng"));
  }

  private static RequestBuilder board(String disk) {
    return RequestBuilder.of("virt").boardOption("gic", "3").memory(128L << 20).option("firmware", "xenolith").disks(List.of(disk));
  }

  private static LaunchRequest pci(String device, Path disk) {
    return board(disk + ",pci=1.0/0.0").option("pci", "1.0=root-port 1.0/0.0=" + device).build();
  }

  /** A CD-ROM drive with blocks of 2048 bytes, whose disc names a FAT volume in its boot catalogue. */
  @Test
  @FullLane
  void programStartsFromADisc() throws IOException {
    try (GuestMachine guest = GuestMachine.launch(board(DiskPrograms.readerDisc(folder) + ",cdrom").build())) {
      guest.runUntil(DiskPrograms.READ_ALL);
      List<String> handles = guest.machine().port(BootNode.PATH, InspectionPort.class).answer("dh");
      assertTrue(handles.stream().anyMatch(line -> line.contains("/Scsi(0x0,0x0)/CDROM(0x0,0x14,0x") && line.contains(
          "SimpleFileSystem")), handles::toString);
    }
  }

  /** What comes is what the image has, over each path. */
  @Test
  @FullLane
  void theWholeDiskHasTheImagesDigest() throws IOException {
    Path disk = DiskDigest.disk(folder);
    String expected = DiskDigest.line(disk);
    for (LaunchRequest request : List.of(board(disk.toString()).build(), board(disk.toString()).settings(List.of(
        "/virtio_mmio@a003e00:legacy=true")).build(), board(disk + ",scsi").build(), pci("virtio", disk), pci("virtio-legacy", disk), pci(
            "nvme", disk), board(disk + ",scsi,pci=1.0").option("pci", "1.0=virtio").build())) {
      try (GuestMachine guest = GuestMachine.launch(request)) {
        guest.runUntil(DiskDigest.SAYS);
        guest.runFor(10);
        assertTrue(guest.console().text().contains(expected + "\n"), () -> expected + guest.console().text());
      }
    }
  }

  private void readsWhileReplaced(LaunchRequest request, List<String> buses) throws IOException {
    long end;
    String expected;
    String digest;
    try (GuestMachine guest = GuestMachine.launch(request)) {
      guest.runUntil(DiskPrograms.READ_ALL);
      end = guest.machine().instructions() + 2000;
      runTo(guest, end);
      expected = guest.console().text();
      digest = guest.machine().digest();
      assertEquals(List.of(), List.of("model-failed", "unmodelled-access").stream().filter(guest.machine().events()::containsKey).toList(),
          guest::events);
    }
    assertTrue(expected.startsWith("Xenolith UEFI firmware\na program from a disk\nread\n"), expected);
    assertEquals(40, expected.lines().filter("read"::equals).count(), expected);
    try (GuestMachine guest = GuestMachine.launch(request)) {
      for (int round = 0; round < ROUNDS; round++) {
        runTo(guest, end / (ROUNDS + 1) * (round + 1));
        for (List<String> bundles : List.of(BUNDLES, DISK_BUNDLES, buses)) {
          for (String bundle : bundles) {
            change(bundle, round);
          }
        }
      }
      runTo(guest, end);
      assertEquals(expected, guest.console().text());
      assertEquals(digest, guest.machine().digest());
    }
  }

  /** Everything of a disk's drivers is as before when they were disconnected and connected again, by a program that reads in between. */
  @Test
  @FullLane
  void driversAreDisconnectedAndConnectedAHundredTimes() throws IOException {
    reconnects(RequestBuilder.of("virt").memory(128L << 20).option("firmware", "xenolith").disks(List.of(DiskPrograms.reconnecter(folder,
        Protocol.VIRTIO_DEVICE).toString())).build());
    reconnects(pci("virtio", DiskPrograms.reconnecter(folder, Protocol.PCI_ROOT_BRIDGE_IO)));
    reconnects(pci("nvme", DiskPrograms.reconnecter(folder, Protocol.PCI_ROOT_BRIDGE_IO)));
  }

  private static void reconnects(LaunchRequest request) throws IOException {
    try (GuestMachine guest = GuestMachine.launch(request)) {
      guest.runUntil(DiskPrograms.FIRST);
      InspectionPort firmware = guest.machine().port(BootNode.PATH, InspectionPort.class);
      List<String> handles = firmware.answer("dh").stream().map(line -> line.substring(4)).sorted().toList();
      List<String> memory = firmware.answer("memmap");
      assertTrue(handles.stream().anyMatch(line -> line.contains("SimpleFileSystem")), handles::toString);
      guest.runUntil(DiskPrograms.LAST);
      assertEquals(handles, firmware.answer("dh").stream().map(line -> line.substring(4)).sorted().toList());
      assertEquals(memory, firmware.answer("memmap"));
      assertEquals(DiskPrograms.TIMES, guest.console().text().lines().filter(DiskPrograms.AGAIN::equals).count());
    }
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
