// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hotplug;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.boot.api.GuestRequest;
import org.xenolith.boot.api.GuestSource;
import org.xenolith.it.guest.GuestMachine;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.it.guest.ShellGuest;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.testkit.FullLane;

/**
 * Debian boots on the tree that its kernel package has for APM's Mustang: eight CPUs, which its firmware holds in a spin table, and two
 * functions in the slot of its first PCIe port.
 */
@FullLane
class MustangTest {
  private static final int CPUS = 8;
  private static final String NVME = "01:00.0";
  private static final String ROOT_PORT = "00:00.0";
  /** The driver of the port hides the BARs of the root port, which are its inbound region, and that it knows CRS. */
  private static final List<Integer> HIDDEN_LINES = List.of(0x10 / 16, 0x50 / 16);
  @TempDir
  static Path folder;
  private static RandomDisk first;
  private static RandomDisk second;
  private static GuestMachine guest;
  private final InstalledProduct product = InstalledProduct.get();

  @BeforeAll
  static void boot() throws IOException {
    first = new RandomDisk(11, 4 << 20);
    second = new RandomDisk(12, 2 << 20);
    GuestSource debian = InstalledProduct.get().services(GuestSource.class).stream().filter(s -> s.name().equals("debian")).findFirst()
        .orElseThrow();
    Path tree = debian.obtain(System.out::println, GuestRequest.PLAIN).deviceTrees().orElseThrow().resolve("apm/apm-mustang.dtb");
    guest = GuestMachine.launch(RequestBuilder.of(tree.toString()).memory(256L << 20).guest("debian")
        .append("console=ttyS0 quiet xl.pci xl.shell").option("pci", "0.0=nvme 0.1=virtio")
        .disks(List.of(first.write(folder.resolve("first.raw")) + ",pci=0.0", second.write(folder.resolve("second.raw")) + ",pci=0.1"))
        .build());
    guest.runUntil(ShellGuest.PROMPT);
  }

  @AfterAll
  static void end() throws IOException {
    if (guest != null) {
      guest.close();
    }
  }

  @AfterEach
  void restoreTheProduct() throws IOException {
    product.restore();
  }

  /** Four modules of two cores each: the second is 0x001, the third 0x100. */
  @Test
  void itsEightCpusLeaveTheSpinTableAndWork() {
    String log = guest.command("dmesg | grep -E 'Booted secondary|Brought up|SMP: Total'");
    for (int cpu = 1; cpu < CPUS; cpu++) {
      assertTrue(log.contains("CPU%d: Booted secondary processor 0x%010x".formatted(cpu, cpu / 2 << 8 | cpu % 2)), log);
    }
    assertTrue(log.contains("smp: Brought up 1 node, 8 CPUs") && log.contains("SMP: Total of 8 processors activated."), log);
    assertEquals("spin-table", guest.command("tr -d '\\0' </proc/device-tree/cpus/cpu@301/enable-method"));
    String ran = guest.command(
        "for c in 0 1 2 3 4 5 6 7; do busybox taskset $(printf %x $((1 << c))) sh -c 'read -r a </proc/self/stat; set -- $a;"
            + " eval echo on \\${39}'; done");
    assertEquals("on 0\non 1\non 2\non 3\non 4\non 5\non 6\non 7", ran.strip());
  }

  @Test
  void itsDriverBringsTheLinkUp() {
    String log = guest.command("dmesg | grep xgene");
    assertTrue(log.contains("xgene-pcie 1f2b0000.pcie: (rc) x8 gen-3 link up"), log);
    assertTrue(log.contains("APM X-Gene PCIe MSI driver loaded"), log);
  }

  @Test
  void bothDisksAreReadByItsMessages() {
    assertTrue(guest.command("insmod /lib/modules/virtio_blk.ko; md5sum /dev/nvme0n1 /dev/vda").contains(
        first.md5(0, 4 << 20) + "  /dev/nvme0n1\n" + second.md5(0, 2 << 20) + "  /dev/vda"), guest.console()::text);
    // The disk has a queue for each CPU that reads it; which did is the scheduler's.
    String interrupts = guest.command("grep -E 'nvme0q[1-9]|virtio0-req' /proc/interrupts");
    for (String queue : List.of("nvme0q\\d", "virtio0-req.0")) {
      assertTrue(interrupts.lines().anyMatch(line -> line.matches(" *\\d+: .*\\b[1-9]\\d* .*X-Gene1 MSI .*" + queue)), interrupts);
    }
    for (String kind : List.of("model-failed", "inbound-refused", "outbound-refused", "config-closed", "clock-off")) {
      assertNull(guest.machine().events().get(kind), guest::events);
    }
  }

  @Test
  void whatHasNoModelIsDisabled() {
    assertEquals("disabled", guest.command("tr -d '\\0' </proc/device-tree/soc/sata@1a400000/status"));
    assertTrue(guest.machine().unmodelled().contains("/soc/sata@1a400000"), guest.machine().unmodelled()::toString);
  }

  @Test
  void configurationSpaceIsWhatTheModelsHold() {
    assertEquals(256, PciBytes.seen(guest, NVME).size());
    assertEquals(PciBytes.held(guest, NVME), PciBytes.seen(guest, NVME));
    List<String> held = PciBytes.held(guest, ROOT_PORT);
    List<String> seen = PciBytes.seen(guest, ROOT_PORT);
    assertEquals(256, held.size());
    assertTrue(seen.get(0).startsWith("e8 10 04 e0"), seen.get(0));
    for (int line = 0; line < held.size(); line++) {
      if (!HIDDEN_LINES.contains(line)) {
        assertEquals(held.get(line), seen.get(line), "at 0x" + Integer.toHexString(line * 16));
      }
    }
    assertTrue(seen.get(1).startsWith("ff ff ff ff ff ff ff ff 00 01 01 00"), seen.get(1));
  }

  @Test
  void aPortThatIsReplacedShowsNothing() throws IOException {
    List<String> before = PciBytes.seen(guest, NVME);
    for (String bundle : List.of("hw.pcihost.xgene", "hw.xgene.msi", "hw.xgene.clock")) {
      String name = "org.xenolith." + bundle;
      assertTrue(product.change().replace(name, new ByteArrayInputStream(JarEdit.version(product.jar(name), "1.0.1"))).done());
      assertEquals(before, PciBytes.seen(guest, NVME), bundle);
    }
    assertTrue(product.change().remove("org.xenolith.hw.pcihost.xgene").done());
    assertEquals(List.of("ff"), PciBytes.seen(guest, NVME).stream().flatMap(line -> List.of(line.split(" ")).stream()).distinct().toList());
    product.restore();
    assertEquals(before, PciBytes.seen(guest, NVME));
  }
}
