// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hypervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
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
import org.xenolith.it.guest.GuestConsole;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.machine.control.LiveChange.Change;
import org.xenolith.machine.control.Machine.RunLimit;
import org.xenolith.testkit.FullLane;
import org.xenolith.testkit.Lane;

/** A domain starts by our own firmware from its PV disk: XENIO of the device tree, XenBus, XenPvBlk, and what is above; each of them is replaced meanwhile. */
@FullLane
class OwnFirmwareDomUTest {
  private static final String NAME = "own";
  private static final int ROUNDS = Lane.full() ? 50 : 6;
  private static final List<String> BUNDLES = List.of("firmware.efi.boot", "efi.manager", "efi.terminal", "efi.xenconsole", "efi.diskio",
      "efi.partition", "efi.fat", "efi.xenio.fdt", "efi.xenbus", "efi.xenpvblk", "hyp.efi.boot", "hyp.blkback", "hyp.grant", "hyp.evtchn");

  private final InstalledProduct product = InstalledProduct.get();
  @TempDir
  Path folder;

  @AfterEach
  void restoreTheProduct() throws IOException {
    product.restore();
  }

  private LaunchRequest request(Path disk, int gic, String more) throws IOException {
    Path config = Files.writeString(folder.resolve(NAME + ".cfg"), """
        name = "%s"
        firmware = "xenolith"
        memory = 96
        disk = [ '%s,raw,xvda,rw' ]
        %s
        """.formatted(NAME, disk, more));
    return RequestBuilder.of("virt").boardOption("gic", Integer.toString(gic)).memory(256L << 20).noDom0(true).hypervisor(true).domUs(List
        .of(config)).build();
  }

  private static void runTo(HypervisorGuest guest, long instructions) {
    guest.machine().run(new RunLimit(Long.MAX_VALUE, instructions));
    assertEquals(instructions, guest.machine().instructions());
  }

  private void change(String bundle) throws IOException {
    Change done = product.change().replace("org.xenolith." + bundle, new ByteArrayInputStream(product.jar("org.xenolith." + bundle)));
    assertTrue(done.done(), done::reason);
  }

  @Test
  void layersAreReplacedWhileADomainStarts() throws IOException {
    LaunchRequest request = request(DiskPrograms.reader(folder), 3, "");
    long end;
    String expected;
    String digest;
    try (HypervisorGuest guest = HypervisorGuest.launch(request)) {
      GuestConsole console = guest.console(NAME);
      guest.runUntil(NAME, DiskPrograms.READ_ALL);
      end = guest.machine().instructions() + 2000;
      runTo(guest, end);
      expected = console.text();
      digest = guest.machine().digest();
      assertFalse(guest.events().contains("model-failed"), guest::events);
    }
    assertTrue(expected.replace("\r", "").startsWith("Xenolith UEFI firmware\na program from a disk\nread\n"), expected);
    Path saved = folder.resolve("saved");
    try (HypervisorGuest guest = HypervisorGuest.launch(request)) {
      GuestConsole console = guest.console(NAME);
      for (int round = 0; round < ROUNDS; round++) {
        runTo(guest, end / (ROUNDS + 1) * (round + 1));
        for (String bundle : BUNDLES) {
          change(bundle);
        }
        if (round == ROUNDS / 2) {
          guest.save(saved);
        }
      }
      runTo(guest, end);
      assertEquals(expected, console.text());
      assertEquals(digest, guest.machine().digest());
    }
    try (HypervisorGuest guest = HypervisorGuest.launch(RequestBuilder.ofSnapshot(saved).build())) {
      runTo(guest, end);
      assertEquals(digest, guest.machine().digest());
    }
    withoutTheHypervisorsHalf(request, end);
  }

  private void withoutTheHypervisorsHalf(LaunchRequest request, long end) throws IOException {
    try (HypervisorGuest guest = HypervisorGuest.launch(request)) {
      GuestConsole console = guest.console(NAME);
      runTo(guest, end / 2);
      Change gone = product.change().remove("org.xenolith.hyp.efi.boot");
      assertTrue(gone.done(), gone::reason);
      guest.run(200);
      assertFalse(console.text().contains(DiskPrograms.READ_ALL), console::text);
      assertTrue(product.change().add(new ByteArrayInputStream(product.jar("org.xenolith.hyp.efi.boot"))).done());
      guest.xl("destroy " + NAME);
      guest.xl("create " + folder.resolve(NAME + ".cfg"));
      guest.runUntil(console, DiskPrograms.READ_ALL, console.length());
    }
  }

  /** Handles, memory, grants, ports and mappings are as before, and nothing is left of the domain's half when it goes. */
  @Test
  void driversAreDisconnectedAndConnectedAHundredTimes() throws IOException {
    LaunchRequest request = request(DiskPrograms.reconnecter(folder, Protocol.XEN_IO), 2, "vcpus = 2");
    try (HypervisorGuest guest = HypervisorGuest.launch(request)) {
      GuestConsole console = guest.console(NAME);
      guest.runUntil(NAME, DiskPrograms.FIRST);
      InspectionPort firmware = guest.machine().port(BootNode.PATH, InspectionPort.class);
      List<String> handles = handles(firmware);
      List<String> memory = firmware.answer("memmap");
      Leftovers before = Leftovers.of(guest.machine(), guest.domain(NAME));
      assertTrue(handles.stream().anyMatch(line -> line.contains("SimpleFileSystem")), handles::toString);
      assertTrue(handles.stream().anyMatch(line -> line.contains(
          "VenHw(A732241F-383D-4D9C-8AE1-8E09837589D7,0000003800000000)/VenHw(3D3CA290-B9A5-11E3-B75D-B8AC6F7D65E6,010000CA)/HD(1,GPT,")),
          handles::toString);
      assertEquals(List.of(66, 4), List.of(before.entries(), before.frames()), before::toString);
      guest.runUntil(NAME, DiskPrograms.LAST);
      assertEquals(handles, handles(firmware));
      assertEquals(memory, firmware.answer("memmap"));
      assertEquals(before, Leftovers.of(guest.machine(), guest.domain(NAME)));
      assertEquals(DiskPrograms.TIMES, console.text().replace("\r", "").lines().filter(DiskPrograms.AGAIN::equals).count());
    }
  }

  @Test
  void theWholeDiskHasTheImagesDigest() throws IOException {
    Path disk = DiskDigest.disk(folder);
    try (HypervisorGuest guest = HypervisorGuest.launch(request(disk, 3, ""))) {
      GuestConsole console = guest.console(NAME);
      guest.runUntil(NAME, DiskDigest.SAYS);
      guest.run(10);
      assertTrue(console.text().contains(DiskDigest.line(disk)), console::text);
    }
  }

  private static List<String> handles(InspectionPort firmware) {
    return firmware.answer("dh").stream().skip(1).map(line -> line.substring(4)).sorted().toList();
  }
}
