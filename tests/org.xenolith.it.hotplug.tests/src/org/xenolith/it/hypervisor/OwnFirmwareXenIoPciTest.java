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
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.efi.boot.api.BootNode;
import org.xenolith.efi.boot.api.InspectionPort;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.hyp.api.P2mPort;
import org.xenolith.hyp.api.PageType;
import org.xenolith.it.guest.DiskDigest;
import org.xenolith.it.guest.DiskPrograms;
import org.xenolith.it.guest.GuestConsole;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.machine.control.LiveChange.Change;
import org.xenolith.machine.control.Machine.RunLimit;
import org.xenolith.testkit.FullLane;
import org.xenolith.testkit.Lane;

/**
 * A domain that was given Xen's platform device starts by our own firmware from its PV disk, by XENIO on PCI: with the device tree's XENIO taken
 * away nothing above it is another one. Debian is Dom0, as somebody must find the function and set it aside; it is booted once for all tests.
 */
@FullLane
class OwnFirmwareXenIoPciTest {
  private static final String NAME = "own";
  private static final String FUNCTION = "01:00.0";
  private static final String LAYER = "org.xenolith.efi.xenio.pci";
  private static final String TREE = "org.xenolith.efi.xenio.fdt";
  private static final int ROUNDS = Lane.full() ? 50 : 6;
  /** Where the function is in the domain, and below it its disk. */
  private static final String DEVICE = "PciRoot(0x0)/Pci(0x0,0x0)";
  private static final String BEHIND = "/VenHw(3D3CA290-B9A5-11E3-B75D-B8AC6F7D65E6,010000CA)/HD(1,GPT,";
  private static final String TREES = "VenHw(A732241F-383D-4D9C-8AE1-8E09837589D7,0000003800000000)";

  @TempDir
  private static Path shared;
  private static Path dom0;

  private final InstalledProduct product = InstalledProduct.get();
  @TempDir
  Path folder;

  @BeforeAll
  static void bootDom0() throws IOException {
    dom0 = shared.resolve("dom0");
    try (HypervisorGuest guest = HypervisorGuest.launch(RequestBuilder.of("virt").boardOption("gic", "3").memory(512L << 20).guest("debian")
        .append("quiet cryptomgr.notests xl.shell").hypervisor(true).boardOption("iommu", "smmuv3").option("pci",
            "1.0=root-port 1.0/0.0=xen-platform").build())) {
      guest.runUntil(guest.board(), HypervisorGuest.PROMPT, 0);
      guest.xl("pci-assignable-add " + FUNCTION);
      guest.save(dom0);
    }
  }

  @AfterEach
  void restoreTheProduct() throws IOException {
    product.restore();
  }

  /** With the function given to the domain, which starts from the disk, without XENIO of the device tree. */
  private HypervisorGuest start(Path disk) throws IOException {
    return start(disk, List.of(TREE));
  }

  private HypervisorGuest start(Path disk, List<String> without) throws IOException {
    product.restore(); // or the snapshot lacks what an earlier machine had taken away
    HypervisorGuest guest = HypervisorGuest.launch(RequestBuilder.ofSnapshot(dom0).build());
    for (String bundle : without) {
      done(product.change().remove(bundle));
    }
    guest.console(NAME);
    guest.xl("create " + Files.writeString(folder.resolve(NAME + ".cfg"), """
        name = "%s"
        firmware = "xenolith"
        memory = 96
        disk = [ '%s,raw,xvda,rw' ]
        pci = [ '%s' ]
        """.formatted(NAME, disk, FUNCTION)));
    return guest;
  }

  private void done(Change change) {
    assertTrue(change.done(), change::reason);
  }

  private void replace(String bundle) throws IOException {
    done(product.change().replace(bundle, new ByteArrayInputStream(product.jar(bundle))));
  }

  private static List<String> handles(HypervisorGuest guest) {
    return guest.machine().port(BootNode.PATH, InspectionPort.class).answer("dh").stream().skip(1).map(line -> line.substring(4)).sorted()
        .toList();
  }

  private static void runTo(HypervisorGuest guest, long instructions) {
    guest.machine().run(new RunLimit(Long.MAX_VALUE, instructions));
    assertEquals(instructions, guest.machine().instructions());
  }

  @Test
  void theWholeDiskHasTheImagesDigestByXenIoOnPci() throws IOException {
    Path disk = DiskDigest.disk(folder);
    try (HypervisorGuest guest = start(disk)) {
      GuestConsole console = guest.console(NAME);
      guest.runUntil(NAME, DiskDigest.SAYS);
      guest.run(10);
      assertTrue(console.text().contains(DiskDigest.line(disk)), console::text);
      GivenFunction.unharmed(guest);
    }
  }

  @Test
  void theLayerIsReplacedRemovedAndAddedWhileADomainReads() throws IOException {
    Path disk = DiskPrograms.reader(folder);
    long begin;
    long end;
    String expected;
    String digest;
    try (HypervisorGuest guest = start(disk)) {
      GuestConsole console = guest.console(NAME);
      begin = guest.machine().instructions();
      guest.runUntil(NAME, DiskPrograms.READ_ALL);
      end = guest.machine().instructions() + 2000;
      runTo(guest, end);
      expected = console.text();
      digest = guest.machine().digest();
    }
    assertTrue(expected.replace("\r", "").startsWith("Xenolith UEFI firmware\na program from a disk\nread\n"), expected);
    try (HypervisorGuest guest = start(disk)) {
      for (int round = 0; round < ROUNDS; round++) {
        runTo(guest, begin + (end - begin) / (ROUNDS + 1) * (round + 1));
        replace(LAYER);
        replace("org.xenolith.efi.pci");
        replace("org.xenolith.efi.pci.ecam");
      }
      runTo(guest, end);
      assertEquals(expected, guest.console(NAME).text());
      assertEquals(digest, guest.machine().digest());
    }
    try (HypervisorGuest guest = start(disk)) {
      runTo(guest, begin + (end - begin) / 2);
      done(product.change().remove(LAYER));
      guest.runUntil(NAME, DiskPrograms.READ_ALL);
      done(product.change().add(new ByteArrayInputStream(product.jar(LAYER))));
    }
  }

  /** Handles, memory, grants, ports and mappings are as before; the grant table is where BAR 1 is. */
  @Test
  void driversAreDisconnectedAndConnectedAHundredTimes() throws IOException {
    try (HypervisorGuest guest = start(DiskPrograms.reconnecter(folder, Protocol.PCI_IO))) {
      GuestConsole console = guest.console(NAME);
      guest.runUntil(NAME, DiskPrograms.FIRST);
      List<String> handles = handles(guest);
      List<String> memory = guest.machine().port(BootNode.PATH, InspectionPort.class).answer("memmap");
      Leftovers before = Leftovers.of(guest.machine(), guest.domain(NAME));
      assertTrue(handles.stream().anyMatch(line -> line.contains(DEVICE + BEHIND)), handles::toString);
      assertTrue(handles.stream().anyMatch(line -> line.contains("PciIo") && line.contains("XenIo") && line.endsWith(DEVICE)),
          handles::toString);
      assertFalse(handles.toString().contains(TREES), handles::toString);
      assertEquals(List.of(66, 4, 0), List.of(before.entries(), before.frames(), before.shared()), before::toString);
      guest.runUntil(NAME, DiskPrograms.LAST);
      assertEquals(handles, handles(guest));
      assertEquals(memory, guest.machine().port(BootNode.PATH, InspectionPort.class).answer("memmap"));
      assertEquals(before, Leftovers.of(guest.machine(), guest.domain(NAME)));
      assertEquals(DiskPrograms.TIMES, console.text().replace("\r", "").lines().filter(DiskPrograms.AGAIN::equals).count());
      guest.xl("destroy " + NAME);
      assertTrue(guest.xl("pci-assignable-list").contains(FUNCTION), () -> guest.xl("dmesg"));
      GivenFunction.unharmed(guest);
    }
  }

  /** Frames of the grant table take the places of pages of BAR 1, which passthrough shows while the memory decoder is on, and leave nothing there. */
  @Test
  void aMemoryDecoderThatIsOnMakesNoDifference() throws IOException {
    try (HypervisorGuest guest = start(DiskPrograms.decodingReconnecter(folder, Protocol.PCI_IO))) {
      guest.runUntil(NAME, DiskPrograms.FIRST);
      Leftovers before = Leftovers.of(guest.machine(), guest.domain(NAME));
      assertEquals(List.of(66, 4, 0), List.of(before.entries(), before.frames(), before.shared()), before::toString);
      assertEquals(List.of(PageType.RAM, PageType.RAM, PageType.DEVICE, PageType.DEVICE), types(guest));
      guest.runUntil(NAME, DiskPrograms.LAST);
      assertEquals(before, Leftovers.of(guest.machine(), guest.domain(NAME)));
      assertEquals(List.of(PageType.RAM, PageType.RAM, PageType.DEVICE, PageType.DEVICE), types(guest));
      guest.xl("destroy " + NAME);
      GivenFunction.unharmed(guest);
    }
  }

  /** Of BAR 1: the first and the fourth page, the fifth and the last one. */
  private static List<PageType> types(HypervisorGuest guest) {
    P2mPort p2m = Counters.port(guest.machine(), P2mPort.class);
    return LongStream.of(0, 3, 4, 0xFFF).mapToObj(page -> p2m.type(guest.domain(NAME), 0x23000 + page)).toList();
  }

  /** Both are there: the PCI host is connected first, so that the device tree's XENIO has no bus. */
  @Test
  void thereIsOneXenBusWhereBothAreThere() throws IOException {
    try (HypervisorGuest guest = start(DiskPrograms.reader(folder), List.of())) {
      guest.runUntil(NAME, DiskPrograms.READ_ALL);
      List<String> handles = handles(guest);
      assertEquals(2, handles.stream().filter(line -> line.contains("XenIo")).count(), handles::toString);
      assertTrue(handles.stream().anyMatch(line -> line.contains("XenIo") && line.endsWith(TREES)), handles::toString);
      assertTrue(handles.stream().anyMatch(line -> line.contains(DEVICE + BEHIND)), handles::toString);
      assertFalse(handles.toString().contains(TREES + "/"), handles::toString);
      assertEquals(4, Leftovers.of(guest.machine(), guest.domain(NAME)).frames());
    }
  }
}
