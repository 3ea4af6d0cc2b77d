// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hotplug;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.guest.GuestMachine;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.it.guest.RecordForm;
import org.xenolith.it.guest.ShellGuest;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.testkit.FullLane;

/** The host bridges that virt can have, by Debian's drivers: the right one, and the generic one that doesn't know the defects. */
class HostBridgeTest {
  private static final String HOST = "/pcie@10000000";
  private static final int ROUNDS = 50;
  private static final int SIZE = 2 << 20;
  private final RandomDisk disk = new RandomDisk(13, SIZE);
  private final InstalledProduct product = InstalledProduct.get();
  @TempDir
  Path folder;

  @AfterEach
  void restoreTheProduct() throws IOException {
    product.restore();
  }

  private GuestMachine boot(String bridge, int gic, String iommu, String... settings) throws IOException {
    GuestMachine guest = GuestMachine.launch(RequestBuilder.of("virt").boardOption("gic", Integer.toString(gic)).memory(256L << 20).guest(
        "debian")
        .append("quiet xl.pci xl.shell").boardOption("pcie", bridge).boardOption("iommu", iommu).option("pci", "0.0=nvme")
        .settings(Stream.of(settings).map(setting -> HOST + ":" + setting).toList())
        .disks(List.of(disk.write(folder.resolve("disk.raw")) + ",pci=0.0")).build());
    guest.runUntil(ShellGuest.PROMPT);
    return guest;
  }

  private void isRead(GuestMachine guest) {
    assertTrue(guest.command("md5sum /dev/nvme0n1").startsWith(disk.md5(0, SIZE)), guest.console()::text);
  }

  private static List<String> functions(GuestMachine guest) {
    return Stream.of(guest.command("ls /sys/bus/pci/devices").split("\\s+")).filter(word -> word.startsWith("0000:")).toList();
  }

  @Test
  @FullLane
  void cam() throws IOException {
    try (GuestMachine guest = boot("cam", 2, "none")) {
      assertEquals(List.of("0000:00:00.0"), functions(guest));
      assertEquals("256", guest.command("wc -c < /sys/bus/pci/devices/0000:00:00.0/config").strip(), "no extended configuration space");
      isRead(guest);
    }
  }

  @Test
  @FullLane
  void designWareByItsDriver() throws IOException {
    try (GuestMachine guest = boot("dw", 2, "none")) {
      assertEquals(List.of("0000:00:00.0"), functions(guest));
      isRead(guest);
      List<String> before = PciBytes.seen(guest, "00:00.0");
      String name = "org.xenolith.hw.pcihost.dw";
      assertTrue(product.change().replace(name, new ByteArrayInputStream(JarEdit.version(product.jar(name), "1.0.1"))).done());
      assertEquals(before, PciBytes.seen(guest, "00:00.0"));
      assertTrue(product.change().remove(name).done());
      assertNotEquals(before, PciBytes.seen(guest, "00:00.0"));
      product.restore();
      assertEquals(before, PciBytes.seen(guest, "00:00.0"));
    }
  }

  @Test
  @FullLane
  void designWareTakenForGenericHasGhosts() throws IOException {
    try (GuestMachine guest = boot("dw-as-ecam", 2, "none")) {
      assertEquals(32, functions(guest).size(), guest.console()::text);
    }
  }

  @Test
  @FullLane
  void withoutTheDefectGenericDoes() throws IOException {
    try (GuestMachine guest = boot("dw-as-ecam", 2, "none", "ghost-devices=false")) {
      assertEquals(List.of("0000:00:00.0"), functions(guest));
      isRead(guest);
    }
  }

  @Test
  void xgeneByItsDriverBehindAnSmmu() throws IOException {
    try (GuestMachine guest = boot("xgene", 3, "smmuv3")) {
      assertTrue(guest.command("dmesg | grep xgene-pcie").contains("(rc) x8 gen-3 link up"), guest.console()::text);
      assertEquals(List.of("0000:00:00.0", "0000:01:00.0"), functions(guest));
      isRead(guest);
      assertTrue(guest.command("grep nvme0q1 /proc/interrupts").contains("ITS-MSI"), guest.console()::text);
      assertTrue(guest.command("ls /sys/kernel/iommu_groups/*/devices").contains("0000:01:00.0"), guest.console()::text);
    }
  }

  /** Nothing opens the clock, the windows, the way of RTDID: the port is silent, as on silicon. */
  @Test
  @FullLane
  void xgeneTakenForGenericIsNotFound() throws IOException {
    try (GuestMachine guest = boot("xgene-as-ecam", 2, "none")) {
      assertEquals(List.of(), functions(guest));
      assertTrue(guest.machine().events().get("clock-off") > 0, guest::events);
      assertFalse(guest.command("ls /dev").contains("nvme"));
    }
  }

  @Test
  @FullLane
  void withoutItsDefectsXgeneIsGeneric() throws IOException {
    try (GuestMachine guest = boot("xgene-as-ecam", 2, "none", "clock-gate=false", "config-enable=false", "word-config-reads=false",
        "root-bars=false", "outbound-map=false", "inbound-map=false", "target-register=false")) {
      assertEquals(List.of("0000:00:00.0", "0000:01:00.0"), functions(guest));
      isRead(guest);
    }
  }

  @Test
  @FullLane
  void xgenesPartsAreReplacedUnderLoad() throws IOException {
    try (GuestMachine guest = boot("xgene", 2, "none")) {
      int from = guest.console().length();
      guest.type("(while [ ! -e /end ]; do dd if=/dev/nvme0n1 bs=64k iflag=direct 2>/dev/null | md5sum; done) &\n");
      guest.begin();
      for (int i = 1; i <= ROUNDS; i++) {
        for (String bundle : List.of("hw.pcihost.xgene", "hw.xgene.msi", "hw.xgene.clock")) {
          String name = "org.xenolith." + bundle;
          var change = product.change().replace(name, new ByteArrayInputStream(JarEdit.version(product.jar(name), "1.0." + i,
              RecordForm.inTurn(i))));
          assertTrue(change.done() && change.devices() > 0, () -> name + ": " + change);
        }
      }
      guest.type("touch /end; wait; echo do''ne\n");
      guest.console().await("done\n", from);
      guest.console().await(ShellGuest.PROMPT, guest.console().text().indexOf("done\n", from));
      guest.machine().stop();
      guest.end();
      List<String> sums = guest.console().text().substring(from).lines().filter(line -> line.matches(".*[0-9a-f]{32}  -")).toList();
      assertTrue(!sums.isEmpty() && sums.stream().allMatch(line -> line.endsWith(disk.md5(0, SIZE) + "  -")), sums::toString);
      isRead(guest);
    }
  }
}
