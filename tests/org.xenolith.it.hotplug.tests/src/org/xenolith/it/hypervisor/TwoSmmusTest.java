// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hypervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.guest.GuestMachine;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.it.guest.ShellGuest;
import org.xenolith.it.hotplug.RandomDisk;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.pci.api.PciFunctionFacts;
import org.xenolith.pci.api.PciHostFacts;
import org.xenolith.pci.api.PciInventory;
import org.xenolith.pci.api.PciOwner;
import org.xenolith.testkit.FullLane;

/** A board with two SMMUs, each before a host bridge of its own: Debian's drivers on it, bare metal and as Dom0. */
@FullLane
class TwoSmmusTest {
  private static final long MEMORY = 512L << 20;
  @TempDir
  Path folder;

  @Test
  void debiansDriverHasBothAndADiskBehindEach() throws IOException {
    RandomDisk first = new RandomDisk(21, 4 << 20);
    RandomDisk second = new RandomDisk(22, 3 << 20);
    Path board = TwoSmmus.write(folder.resolve("board.dtb"), 1, MEMORY, "nvme");
    try (GuestMachine guest = GuestMachine.launch(RequestBuilder.of(board.toString()).memory(MEMORY).guest("debian")
        .append("quiet cryptomgr.notests xl.pci xl.shell").option("pci", "1.0=nvme").disks(List.of(first.write(folder.resolve("first.raw"))
            + ",pci=1.0", second.write(folder.resolve("second.raw")) + ",pci=" + TwoSmmus.SLOT)).build())) {
      guest.runUntil(ShellGuest.PROMPT);
      for (String smmu : List.of("9050000", "9200000")) {
        assertTrue(guest.command("readlink /sys/bus/platform/devices/" + smmu + ".smmuv3/driver").contains("/arm-smmu-v3"), guest
            .console()::text);
      }
      assertTrue(guest.command("readlink /sys/bus/pci/devices/0000:00:01.0/iommu").contains("/9050000.smmuv3/"), guest.console()::text);
      assertTrue(guest.command("readlink /sys/bus/pci/devices/0001:00:01.0/iommu").contains("/9200000.smmuv3/"), guest.console()::text);
      assertEquals(first.md5(0, 4 << 20) + "\n" + second.md5(0, 3 << 20), guest.command(
          "for s in 0000 0001; do md5sum /dev/$(ls /sys/bus/pci/devices/$s:00:01.0/nvme/*/ | grep -o 'nvme[0-9]*n1') | cut -c1-32; done")
          .strip(), guest.console()::text);
      for (String kind : List.of("refused-dma", "model-failed", "unmodelled-access", "its-message")) {
        assertNull(guest.machine().events().get(kind), guest::events);
      }
    }
  }

  /** The first disk of a function's, read anew. */
  private static String read(String function) {
    return "echo 3 > /proc/sys/vm/drop_caches; md5sum /dev/$(ls /sys/bus/pci/devices/" + function
        + "/nvme/*/ | grep -o 'nvme[0-9]*n1') | cut -c1-32";
  }

  /** Both functions are in the same place of their segments and have the same stream, each at its own SMMU. */
  @Test
  void aFunctionBehindEachHasADomainOfItsOwn() throws IOException {
    long memory = 1L << 30;
    GivenFunction given = new GivenFunction("0001:00:01.0", "nvme");
    RandomDisk first = new RandomDisk(23, 4 << 20);
    RandomDisk second = new RandomDisk(24, 3 << 20);
    Path board = TwoSmmus.write(folder.resolve("board.dtb"), 2, memory, "nvme", "virtualization=on");
    Path config = Files.writeString(folder.resolve("guest.cfg"), Files.readString(DebianDomains.fetched(folder).domain("debian1", 11, 1,
        "xl.pci")) + "pci = [ '0001:00:01.0' ]\n");
    try (HypervisorGuest guest = HypervisorGuest.launch(RequestBuilder.of(board.toString()).cpus(2).memory(memory).guest("debian")
        .append("quiet cryptomgr.notests xl.pci xl.shell").hypervisor(true).option("pci", "1.0=nvme").disks(List.of(first.write(folder
            .resolve("first.raw")) + ",pci=1.0", second.write(folder.resolve("second.raw")) + ",pci=" + TwoSmmus.SLOT)).build())) {
      guest.runUntil(guest.board(), HypervisorGuest.PROMPT, 0);
      String log = guest.xl("dmesg");
      for (String smmu : List.of(TwoSmmus.FIRST, TwoSmmus.SECOND)) {
        assertTrue(log.contains("SMMU " + smmu + ": functions behind it reach what their domains have"), log);
      }
      assertEquals("", guest.dom0("ls /sys/class/iommu"), "both are the hypervisor's");
      assertEquals(first.md5(0, 4 << 20), guest.dom0(read("0000:00:01.0")));
      assertEquals(second.md5(0, 3 << 20), guest.dom0(read("0001:00:01.0")));
      given.release(guest);
      guest.xl("create " + config);
      guest.runUntil("debian1", HypervisorGuest.PROMPT);
      assertEquals(second.md5(0, 3 << 20), guest.shell("debian1", "md5sum /dev/nvme0n1 | cut -c1-32"));
      assertEquals(first.md5(0, 4 << 20), guest.dom0(read("0000:00:01.0")), "while the guest has the other one");
      List<PciFunctionFacts> told = InstalledProduct.get().service(PciInventory.class).hosts(guest.machine()).stream().flatMap(
          PciHostFacts::all).toList();
      assertEquals(List.of("0000:00:01.0 8 of /smmuv3@9050000, owner Dom0", "0001:00:01.0 8 of /smmuv3@9200000, owner debian1 as 00:00.0"),
          told
              .stream().map(f -> f.address() + " " + f.stream().map(s -> s.id() + " of " + s.at().path()).orElse("") + ", " + f.owner()
                  .map(PciOwner::toString).orElse("")).toList());
      guest.xl("destroy debian1");
      given.giveBack(guest, "/sys/bus/pci/devices/0001:00:01.0/nvme");
      assertEquals(second.md5(0, 3 << 20), guest.dom0(read("0001:00:01.0")));
      GivenFunction.unharmed(guest);
    }
  }
}
