// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hypervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.guest.GuestMachine;
import org.xenolith.it.guest.ShellGuest;
import org.xenolith.it.hotplug.RandomDisk;
import org.xenolith.launch.api.LaunchRequest;

/** A board with two SMMUs, each before a host bridge of its own: Debian's drivers on it, bare metal and as Dom0. */
class TwoSmmusTest {
  private static final long MEMORY = 512L << 20;
  @TempDir
  Path folder;

  @Test
  void debiansDriverHasBothAndADiskBehindEach() throws IOException {
    RandomDisk first = new RandomDisk(21, 4 << 20);
    RandomDisk second = new RandomDisk(22, 3 << 20);
    Path board = TwoSmmus.write(folder.resolve("board.dtb"), 1, MEMORY, "nvme");
    try (GuestMachine guest = GuestMachine.launch(LaunchRequest.of(board.toString()).memory(MEMORY).guest("debian")
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
}
