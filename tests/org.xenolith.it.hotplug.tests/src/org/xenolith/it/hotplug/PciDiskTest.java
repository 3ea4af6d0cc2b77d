// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hotplug;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.guest.GuestMachine;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.it.guest.RecordForm;
import org.xenolith.it.guest.ShellGuest;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.testkit.FullLane;
import org.xenolith.testkit.Lane;

/** Debian's own drivers of NVMe, SMMUv3, ITS and GICv2m with a disk behind a root port. */
@FullLane
class PciDiskTest {
  private static final int MEBIBYTE = 1 << 20;
  private static final int ROUNDS = Lane.full() ? 50 : 15;
  private static final long TARGET = 0x4F00_0000L;
  private final InstalledProduct product = InstalledProduct.get();
  @TempDir
  Path folder;

  @AfterEach
  void restoreTheProduct() throws IOException {
    product.restore();
  }

  private GuestMachine boot(int gic, String iommu, int mebibytes) throws IOException {
    return boot(gic, iommu, mebibytes, "nvme");
  }

  private GuestMachine boot(int gic, String iommu, int mebibytes, String model) throws IOException {
    Path image = new RandomDisk(7, mebibytes * MEBIBYTE).write(folder.resolve("disk.raw"));
    GuestMachine guest = GuestMachine.launch(RequestBuilder.of("virt").boardOption("gic", Integer.toString(gic)).memory(256L << 20).guest(
        "debian")
        .append("quiet xl.pci xl.shell").option("pci", "1.0=root-port 1.0/0.0=" + model + " 2.0=rogue").boardOption("iommu", iommu)
        .disks(List.of(image + ",pci=1.0/0.0")).build());
    guest.runUntil(ShellGuest.PROMPT);
    return guest;
  }

  private String sum() throws IOException {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(Files.readAllBytes(folder.resolve("disk.raw"))));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private static void unharmed(GuestMachine guest) {
    for (String kind : List.of("model-failed", "refused-dma", "unmodelled-access", "its-message", "change-failed")) {
      assertNull(guest.machine().events().get(kind), guest::events);
    }
  }

  @Test
  void aDiskIsReadByMessagesOfGicv2m() throws IOException {
    try (GuestMachine guest = boot(2, "none", 8)) {
      assertTrue(guest.command("md5sum /dev/nvme0n1").startsWith(sum()), guest.console()::text);
      assertTrue(guest.command("grep nvme0q1 /proc/interrupts").matches("(?s).* MSI .*"), guest.console()::text);
      unharmed(guest);
    }
  }

  @Test
  void aVirtioDiskIsReadOverPci() throws IOException {
    try (GuestMachine guest = boot(3, "none", 8, "virtio")) {
      assertTrue(guest.command("insmod /lib/modules/virtio_blk.ko; md5sum /dev/vda").startsWith(sum()), guest.console()::text);
      assertTrue(guest.command("grep virtio /proc/interrupts").contains("ITS-MSI"), guest.console()::text);
      unharmed(guest);
    }
  }

  /** The feature ACCESS_PLATFORM has the driver map what the disk is to reach; Debian's SMMU driver lets nothing else pass. */
  @Test
  void aVirtioDiskGoesThroughTheSmmu() throws IOException {
    try (GuestMachine guest = boot(3, "smmuv3", 8, "virtio")) {
      assertTrue(guest.command("insmod /lib/modules/virtio_blk.ko; md5sum /dev/vda").startsWith(sum()), guest.console()::text);
      assertTrue(guest.command("cat /sys/bus/virtio/devices/virtio0/features").strip().charAt(33) == '1', guest.console()::text);
      assertTrue(guest.command("ls /sys/kernel/iommu_groups/*/devices").contains("0000:01:00.0"), guest.console()::text);
      unharmed(guest);
    }
  }

  @Test
  void whatIsWrittenIsThere() throws IOException {
    try (GuestMachine guest = boot(3, "smmuv3", 16)) {
      String first = guest.command("dd if=/dev/urandom of=/dev/nvme0n1 bs=64k seek=16 count=80 2>/dev/null; sync;"
          + " dd if=/dev/nvme0n1 bs=64k skip=16 count=80 iflag=direct 2>/dev/null | md5sum");
      guest.command("echo 1 > /sys/bus/pci/devices/0000:01:00.0/reset; echo 3 > /proc/sys/vm/drop_caches");
      assertEquals(first, guest.command("dd if=/dev/nvme0n1 bs=64k skip=16 count=80 iflag=direct 2>/dev/null | md5sum"));
      unharmed(guest);
    }
  }

  @Test
  void everythingOnTheWayIsReplacedUnderLoad() throws IOException {
    try (GuestMachine guest = boot(3, "smmuv3", 4)) {
      int from = guest.console().length();
      guest.type("(while [ ! -e /end ]; do dd if=/dev/nvme0n1 bs=64k iflag=direct 2>/dev/null | md5sum; done) &\n");
      guest.begin();
      for (int i = 1; i <= ROUNDS; i++) {
        for (String bundle : List.of("hw.pcihost.ecam", "hw.pci.rootport", "hw.smmuv3", "hw.its", "hw.nvme", "hw.gicv3")) {
          String name = "org.xenolith." + bundle;
          var change = product.change().replace(name, new ByteArrayInputStream(JarEdit.version(product.jar(name), "1.0." + i,
              RecordForm.inTurn(i))));
          assertTrue(change.done() && change.devices() > 0, () -> name + ": " + change);
        }
      }
      guest.type("touch /end; wait; echo do''ne\n");
      guest.console().await("done\n", from);
      guest.machine().stop();
      guest.end();
      String sum = sum();
      List<String> sums = guest.console().text().substring(from).lines().filter(line -> line.matches(".*[0-9a-f]{32}  -")).toList();
      assertTrue(!sums.isEmpty() && sums.stream().allMatch(line -> line.endsWith(sum + "  -")), sums::toString);
      unharmed(guest);
    }
  }

  /** A disk that is pulled out while it is read, without a word before: the driver gives it up, and takes it when it's there again. */
  @Test
  void aDiskThatIsPulledOutAndPutBackIsReadAgain() throws IOException {
    try (GuestMachine guest = boot(3, "smmuv3", 8)) {
      guest.command("dmesg -c > /dev/null");
      int from = guest.console().length();
      guest.type("i=0; while dd if=/dev/nvme0n1 of=/dev/null bs=64k iflag=direct 2>/dev/null; do i=$((i+1)); echo ro''und $i; done;"
          + " echo fai''led\n");
      guest.begin();
      guest.console().await("round 2", from);
      assertTrue(product.change().remove("org.xenolith.hw.nvme").done());
      guest.console().await("failed", from);
      guest.console().await(ShellGuest.PROMPT, from);
      guest.machine().stop();
      guest.end();
      assertTrue(guest.command("dmesg | grep nvme").contains("nvme nvme0: "), guest.console()::text);
      product.restore();
      guest.command("echo 1 > /sys/bus/pci/devices/0000:01:00.0/remove; echo 1 > /sys/bus/pci/rescan; sleep 1");
      assertTrue(guest.command("md5sum /dev/nvme*n1").startsWith(sum()), guest.console()::text);
      assertNull(guest.machine().events().get("model-failed"), guest::events);
    }
  }

  /** Has the rogue endpoint write four bytes to RAM that the kernel doesn't use; returns its STATUS. */
  private static String rogueWrites(GuestMachine guest) {
    guest.command(
        "cd /sys/bus/pci/devices/0000:00:02.0; echo 1 > enable; printf '\\006' | dd of=config bs=1 seek=4 conv=notrunc 2>/dev/null;"
            + " bar=$(head -n1 resource | cut -d' ' -f1); cd /");
    guest.command("devmem $((bar)) 32 0x4F000000; devmem $((bar+4)) 32 0; devmem $((bar+8)) 32 0xA5A5A5A5; devmem $((bar+16)) 32 0x402");
    return guest.command("devmem $((bar+20)) 32").strip();
  }

  /** Debian lets no stream pass that is no driver's: what such a device tries is refused, and told by name. */
  @Test
  void aRogueDeviceReachesNothing() throws IOException {
    try (GuestMachine guest = boot(3, "smmuv3", 1)) {
      byte[] before = guest.machine().peek(TARGET, 4096);
      String status = rogueWrites(guest);
      assertEquals("0x00000002", status, "refused");
      assertArrayEquals(before, guest.machine().peek(TARGET, 4096));
      assertEquals(1L, guest.machine().events().get("refused-dma"));
    }
  }

  /**
   * Without an SMMU nothing stands between it and memory: the test above can tell the difference. But no message of it is the disk's,
   * whatever it writes to the ITS.
   */
  @Test
  void withoutAnSmmuItReachesAllButOthersInterrupts() throws IOException {
    try (GuestMachine guest = boot(3, "none", 1)) {
      assertEquals("0x00000001", rogueWrites(guest), "done");
      assertEquals((byte) 0xA5, guest.machine().peek(TARGET, 1)[0]);
      String interrupts = guest.command("grep nvme /proc/interrupts");
      assertTrue(interrupts.contains("ITS-MSI"), interrupts);
      guest.command(
          "devmem $((bar)) 32 0x8090040; for i in 0 1 2 0x1000000 0x1000001; do devmem $((bar+8)) 32 $i; devmem $((bar+16)) 32 0x402;"
              + " done");
      assertEquals(5L, guest.machine().events().get("its-message"));
      assertTrue(guest.events().contains("device 0x10 (0000:00:02.0), event 0: the device isn't mapped"), guest::events);
      assertEquals(interrupts, guest.command("grep nvme /proc/interrupts"));
    }
  }
}
