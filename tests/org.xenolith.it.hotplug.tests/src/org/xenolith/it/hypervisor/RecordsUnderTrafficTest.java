// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hypervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.it.guest.RecordForm;
import org.xenolith.it.hotplug.JarEdit;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.machine.control.LiveChange.Change;
import org.xenolith.testkit.Lane;

/**
 * A domain reads 64 MiB from its NVMe controller and receives 64 MiB by its network card, while each bundle on the way is replaced by
 * versions whose records have other fields: behind each make of host bridge, by the hypervisor's driver of it.
 */
class RecordsUnderTrafficTest {
  private static final String GUEST = "debian1";
  private static final int MEBIBYTES = 64;
  private static final int PART = 16;
  private static final List<String> EVERYWHERE = List.of("hyp.vpci", "hyp.pci", "hyp.smmuv3", "hyp.its", "hyp.vgic", "hyp.physdev",
      "hw.smmuv3", "hw.its", "hw.gicv3", "hw.nvme", "hw.virtio.net", "hw.virtio.pci", "hw.virtio.mmio", "net.bridge");
  private static final int LEAST_ROUNDS = 5;
  private static final int MOST_ROUNDS = 1000;

  @TempDir
  Path work;
  private final InstalledProduct product = InstalledProduct.get();

  /**
   * A make of host bridge.
   *
   * @param bus    of its functions, as Linux numbers it
   * @param bundle last part of the names of its model and of the hypervisor's driver
   * @param more   other bundles that only this board has
   */
  private record Bridge(String name, String bus, String bundle, List<String> more) {}

  @AfterEach
  void restoreTheProduct() throws IOException {
    product.restore();
  }

  @TestFactory
  List<DynamicTest> trafficPassesHostBridgesWhoseRecordsChange() {
    return Lane.onlyFull(List.of(new Bridge("ecam", "00", "ecam", List.of()), new Bridge("dw", "00", "dw", List.of()),
        new Bridge("xgene", "01", "xgene", List.of("hw.xgene.clock"))).stream()
        .map(bridge -> DynamicTest.dynamicTest(bridge.name, () -> pass(bridge))).toArray(DynamicTest[]::new));
  }

  private void pass(Bridge bridge) throws Exception {
    byte[] content = new byte[MEBIBYTES << 20];
    new Random(14).nextBytes(content);
    Path disk = Files.write(work.resolve("disk.raw"), content);
    String slot = bridge.bus + ":00.";
    DebianDomains debian = DebianDomains.fetched(work);
    Path config = Files.writeString(work.resolve(GUEST + ".cfg"), Files.readString(debian.domain(GUEST, 11, 1, "xl.pci"))
        + "pci = [ '" + slot + "0', '" + slot + "1' ]\n");
    try (HypervisorGuest guest = HypervisorGuest.launch(RequestBuilder.of("virt").boardOption("gic", "3").cpus(2).memory(1L << 30).guest(
        "debian")
        .append("quiet cryptomgr.notests xl.pci xl.shell").hypervisor(true).boardOption("pcie", bridge.name).boardOption("iommu", "smmuv3")
        .option("pci", "0.0=nvme 0.1=virtio").option("nic", "pci=0.1 mac=52:54:00:aa:bb:cc").disks(List.of(disk + ",pci=0.0")).build())) {
      guest.runUntil(guest.board(), HypervisorGuest.PROMPT, 0);
      new GivenFunction(slot + "0", "nvme").release(guest);
      new GivenFunction(slot + "1", "virtio-pci").release(guest);
      String own = guest.dom0("insmod /lib/modules/virtio_mmio.ko; sleep 0.3; c=$(basename $(dirname $(grep -l 52:54:00:aa:bb:cc"
          + " /sys/class/net/*/address))); xl-ip 10.1.0.1/24 $c");
      assertTrue(own.contains("XENOLITH-IP OK"), own);
      guest.xl("create " + config);
      guest.runUntil(GUEST, HypervisorGuest.PROMPT);
      guest.shell(GUEST, "c=$(basename $(dirname $(grep -l 52:54:00:12:34:56 /sys/class/net/*/address))); xl-ip 10.1.0.2/24 $c");
      replaceWhileItReads(guest, bridge);
      String said = guest.console(GUEST).text();
      assertTrue(said.contains(HexFormat.of().formatHex(md5(content)) + "  -"), said);
      assertEquals(MEBIBYTES / PART, said.split("XENOLITH-FETCH OK 10.1.0.1:5001 bytes=" + (PART << 20), -1).length - 1, said);
      assertEquals("0", guest.shell(GUEST, "dmesg | grep -c timeout"));
      GivenFunction.unharmed(guest);
      bundles(bridge).forEach(name -> assertTrue(RecordForm.last(name, "added") != null, () -> name + ": its record differed"));
    }
  }

  private static byte[] md5(byte[] content) throws NoSuchAlgorithmException {
    return MessageDigest.getInstance("MD5").digest(content);
  }

  private static List<String> bundles(Bridge bridge) {
    List<String> names = new ArrayList<>(EVERYWHERE);
    names.add("hw.pcihost." + bridge.bundle);
    names.add("hyp.pcihost." + bridge.bundle);
    names.addAll(bridge.more);
    return names.stream().map(name -> "org.xenolith." + name).toList();
  }

  private void replaceWhileItReads(HypervisorGuest guest, Bridge bridge) throws Exception {
    int times = MEBIBYTES / PART;
    int from = guest.console(GUEST).length();
    guest.typeAtBoard("xl-serve 5001 " + PART + ' ' + times);
    guest.type(GUEST, "(dd if=/dev/nvme0n1 bs=64k iflag=direct 2>/dev/null | md5sum) & i=0; while [ $i -lt " + times
        + " ]; do i=$((i+1)); xl-fetch 10.1.0.1 5001; done; wait; echo do''ne");
    bundles(bridge).forEach(RecordForm::forget);
    guest.begin();
    int rounds = 0;
    while (rounds < LEAST_ROUNDS || rounds < MOST_ROUNDS && !guest.console(GUEST).text().substring(from).contains("done\n")) {
      rounds++;
      for (String name : bundles(bridge)) {
        byte[] version = JarEdit.version(product.jar(name), "1.0." + rounds, RecordForm.inTurn(rounds));
        Change change = product.change().replace(name, new ByteArrayInputStream(version));
        assertTrue(change.done() && change.devices() > 0, () -> name + ": " + change + "\n" + guest.events());
      }
    }
    System.out.println(bridge.name + ": " + rounds + " rounds of " + bundles(bridge).size() + " bundles");
    guest.console(GUEST).await("done\n", from);
    guest.machine().stop();
    guest.end();
  }
}
