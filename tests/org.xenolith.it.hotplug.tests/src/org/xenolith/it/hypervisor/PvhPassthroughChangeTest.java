// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hypervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.xenolith.boot.api.GuestImage;
import org.xenolith.boot.api.GuestRequest;
import org.xenolith.boot.api.GuestSource;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.it.hotplug.RandomDisk;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.testkit.FullLane;

/** On a PC, with AMD's IOMMU: a PVH guest with a root complex. */
@FullLane
class PvhPassthroughChangeTest extends PassedDiskContract {
  private static final String UART = "/isa/serial@1,3f8";
  private static final int BYTES = 4 << 20;
  private static final RandomDisk CONTENT = new RandomDisk(20261131, BYTES);
  private static final GivenFunction DISK = new GivenFunction("00:01.0", "nvme");
  private static final GivenFunction ROGUE = new GivenFunction("00:02.0", "");

  private static final Way WAY = new Way(UART, CONTENT.md5(0, BYTES), DISK, ROGUE, List.of("hw.pcihost.ecam", "hyp.pcihost.ecam",
      "hyp.vpci",
      "hyp.pci", "hyp.amdvi", "hyp.vmsi", "hyp.vlapic", "hyp.p2m.x64", "hyp.physdev", "hw.amdvi", "hw.nvme", "hw.lapic"), List.of("hw.nvme",
          "hyp.vpci",
          "hw.amdvi", "hyp.vlapic", "hyp.pci"));

  private static Path snapshot;

  @BeforeAll
  static void boot() throws IOException {
    GuestImage debian = InstalledProduct.get().services(GuestSource.class).stream().filter(s -> s.name().equals("debian-amd64")).findFirst()
        .orElseThrow().obtain(System.out::println, GuestRequest.PLAIN);
    Path config = Files.writeString(work.resolve(GUEST + ".cfg"), """
        name = "%s"
        type = "pvh"
        container = "passthrough"
        kernel = "%s"
        ramdisk = "%s"
        memory = 256
        extra = "console=hvc0 quiet cryptomgr.notests xl.pci xl.shell"
        pci = [ '%s', '%s' ]
        """.formatted(GUEST, Files.write(work.resolve("kernel"), debian.kernel()), Files.write(work.resolve("ramdisk"), debian.initrd()
        .orElseThrow()), DISK.slot(), ROGUE.slot()));
    try (HypervisorGuest guest = HypervisorGuest.launch(RequestBuilder.of("pc-pvh").cpus(2).memory(1L << 30).guest("debian-amd64")
        .append("quiet cryptomgr.notests xl.pci xl.shell").hypervisor(true).boardOption("pcie", "ecam").boardOption("iommu", "amdvi")
        .settings(List.of("/xenolith-hypervisor:containers=any")).option("pci", "1.0=nvme 2.0=rogue")
        .disks(List.of(CONTENT.write(work.resolve("nvme.raw")) + ",pci=1.0")).build(), UART)) {
      guest.runUntil(guest.board(), HypervisorGuest.PROMPT, 0);
      assertEquals(WAY.sum(), guest.dom0(READ));
      guest.dom0("echo " + DISK.address() + " > /sys/bus/pci/drivers/nvme/unbind");
      guest.xl("pci-assignable-add " + DISK.slot());
      guest.xl("pci-assignable-add " + ROGUE.slot());
      guest.xl("create " + config);
      guest.runUntil(GUEST, HypervisorGuest.PROMPT);
      guest.run(100);
      snapshot = work.resolve("snapshot");
      guest.save(snapshot);
    }
  }

  @Override
  Way way() {
    return WAY;
  }

  @Override
  Path snapshot() {
    return snapshot;
  }

  @Override
  void giveBack(HypervisorGuest guest) {
    guest.xl("pci-assignable-remove " + DISK.slot());
    guest.dom0("echo " + DISK.address()
        + " > /sys/bus/pci/drivers/nvme/bind; for i in 1 2 3 4 5 6 7 8 9; do [ -e /dev/nvme0n1 ] || sleep 0.2; done");
    assertEquals("/dev/nvme0n1", guest.dom0("ls -d /dev/nvme0n1"), guest.board()::text);
  }
}
