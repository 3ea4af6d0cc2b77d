// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hotplug;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.block.api.BlockUnitsPort;
import org.xenolith.it.guest.GuestMachine;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.it.guest.ShellGuest;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.testkit.FullLane;

/** Debian's own driver of a SCSI controller whose bundle, and whose disk, come and go. */
@FullLane
class VirtioScsiGuestTest {
  private static final String BUNDLE = "org.xenolith.hw.virtio.scsi";
  private static final String NODE = "/virtio_mmio@a003e00";
  private static final int BYTES = 1 << 20;
  private static final String DONE = "all re" + "ad";
  @TempDir
  private Path folder;
  private final InstalledProduct product = InstalledProduct.get();

  @AfterEach
  void restoreTheProduct() throws IOException {
    product.restore();
  }

  private static String md5(byte[] bytes) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(bytes));
  }

  @Test
  void readersOfARemovedControllerWaitUntilItIsBack() throws Exception {
    byte[] content = new byte[BYTES];
    new Random(3).nextBytes(content);
    Path image = Files.write(folder.resolve("disk.img"), content);
    try (GuestMachine guest = GuestMachine.launch(RequestBuilder.of("virt").memory(256L << 20).guest("debian")
        .append("quiet cryptomgr.notests xl.shell").disks(List.of(image + ",scsi", image + ",scsi")).build())) {
      guest.runUntil(ShellGuest.PROMPT);
      guest.command("while [ ! -b /dev/sdb ]; do sleep 0.1; done");
      assertTrue(product.change().remove(BUNDLE).done());
      int from = guest.console().length();
      guest.type("md5sum /dev/sda; echo all re''ad\n");
      guest.runFor(300);
      assertEquals(-1, guest.console().text().indexOf(DONE, from));
      product.restore();
      guest.begin();
      guest.console().await(ShellGuest.PROMPT, guest.console().await(DONE, from));
      guest.machine().stop();
      guest.end();
      assertTrue(guest.console().text().substring(from).contains(md5(content)), guest.console().text().substring(from));
      // A disk that is pulled out is gone for the guest by itself; one that comes is found.
      BlockUnitsPort units = guest.machine().port(NODE, BlockUnitsPort.class);
      units.unit(1).attach(null, "");
      guest.runFor(500);
      assertEquals("gone", guest.command("[ -b /dev/sdb ] || echo gone").strip());
      units.unit(2).attach(units.unit(0).device(), "other");
      guest.runFor(500);
      assertEquals("other", guest.command("tail -c +5 /sys/bus/scsi/devices/0:0:2:0/vpd_pg80").strip());
      for (String kind : new String[] {"model-failed", "unmodelled-access", "change-failed", "virtio-queue-broken",
          "virtio-scsi-bad-request",
          "virtio-scsi-bad-address", "virtio-scsi-bad-config"}) {
        assertNull(guest.machine().events().get(kind), guest::events);
      }
    }
  }
}
