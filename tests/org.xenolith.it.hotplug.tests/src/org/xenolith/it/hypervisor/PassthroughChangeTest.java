// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hypervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.it.guest.RecordForm;
import org.xenolith.it.hotplug.JarEdit;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.testkit.FullLane;
import org.xenolith.testkit.Lane;

/**
 * Debian in a domain with an NVMe controller and a network card of its own while parts on the way go and come, and while functions do.
 * Each test starts at the shells of Dom0 and the domain, from a snapshot.
 */
@FullLane
class PassthroughChangeTest {
  private static final String GUEST = "debian1";
  private static final GivenFunction DISK = new GivenFunction("01:00.0", "nvme");
  private static final GivenFunction CARD = new GivenFunction("00:02.0", "virtio-pci");
  private static final int ROUNDS = Lane.full() ? 50 : 15;
  private static final int TIMES = Lane.full() ? 10 : 3;
  private static final int MEBIBYTES = 4;
  private static final List<String> ON_THE_WAY = List.of("hw.pcihost.ecam", "hyp.pcihost.ecam", "hyp.vpci", "hyp.pci", "hyp.smmuv3",
      "hyp.its", "hyp.vgic", "hyp.physdev", "hw.smmuv3", "hw.its", "hw.nvme", "hw.gicv3", "hw.pci.rootport");
  private static final String READ = "md5sum /dev/nvme*n1 | cut -c-32";
  /** Addresses of the domain's devices change with those that are given to it. */
  private static final String DEVICES = "cd /sys/bus/pci/drivers/nvme && ls -d 0000:* 2>/dev/null";

  @TempDir
  static Path work;
  private static Path snapshot;
  private static String sum;
  private final InstalledProduct product = InstalledProduct.get();

  @BeforeAll
  static void boot() throws IOException, NoSuchAlgorithmException {
    byte[] content = new byte[4 << 20];
    new Random(7).nextBytes(content);
    sum = HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(content));
    Path disk = Files.write(work.resolve("disk.raw"), content);
    DebianDomains debian = DebianDomains.fetched(work);
    Path config = Files.writeString(work.resolve(GUEST + ".cfg"), Files.readString(debian.domain(GUEST, 11, 1, "xl.pci"))
        + "pci = [ '01:00.0', '00:02.0' ]\n");
    LaunchRequest request = RequestBuilder.of("virt").boardOption("gic", "3").cpus(2).memory(1L << 30).guest("debian").hypervisor(true)
        .append("quiet cryptomgr.notests xl.pci xl.shell").boardOption("iommu", "smmuv3")
        .option("pci", "1.0=root-port 1.0/0.0=nvme 2.0=virtio 3.0=virtio").option("nic", "pci=2.0 pci=3.0,mac=52:54:00:aa:bb:cc")
        .disks(List.of(disk + ",pci=1.0/0.0")).build();
    try (HypervisorGuest guest = HypervisorGuest.launch(request)) {
      guest.runUntil(guest.board(), HypervisorGuest.PROMPT, 0);
      assertEquals(sum, guest.dom0(READ));
      DISK.release(guest);
      CARD.release(guest);
      guest.dom0("xl-ip 10.1.0.1/24 $(basename /sys/bus/pci/devices/0000:00:03.0/virtio*/net/*)");
      guest.xl("create " + config);
      guest.runUntil(GUEST, HypervisorGuest.PROMPT);
      guest.run(100);
      GivenFunction.unharmed(guest);
      snapshot = work.resolve("snapshot");
      guest.save(snapshot);
    }
  }

  @AfterEach
  void restoreTheProduct() throws IOException {
    product.restore();
  }

  private static HypervisorGuest resume(Path from) {
    HypervisorGuest guest = HypervisorGuest.launch(RequestBuilder.ofSnapshot(from).build());
    guest.console(GUEST);
    return guest;
  }

  private static boolean said(String text, String mark) {
    return text.contains("XENOLITH-" + mark + " OK");
  }

  @Test
  void aNetworkCardGoesToADomainAndBack() {
    try (HypervisorGuest guest = resume(snapshot)) {
      guest.shell(GUEST, "c=$(basename $(dirname $(grep -l 52:54:00:12:34:56 /sys/class/net/*/address))); xl-ip 10.1.0.2/24 $c");
      String interrupts = guest.shell(GUEST, "grep virtio /proc/interrupts");
      assertTrue(interrupts.contains("ITS-MSI"), interrupts);
      String pinged = guest.shell(GUEST, "xl-ping 10.1.0.1");
      assertTrue(said(pinged, "PING"), () -> pinged + guest.events());
      guest.typeAtBoard("xl-serve 5001 " + MEBIBYTES);
      String fetched = guest.shell(GUEST, "xl-fetch 10.1.0.1 5001");
      assertTrue(said(fetched, "FETCH") && fetched.contains("bytes=" + (MEBIBYTES << 20)), fetched);
      guest.xl("destroy " + GUEST);
      CARD.giveBack(guest, "/sys/bus/pci/devices/0000:00:02.0/virtio0/net");
      // The two are on one bridge: in a network of its own, one reaches the other only through it.
      guest.typeAtBoard("unshare -n sleep 100000 & p=$!; sleep 0.2; ip link set $(basename /sys/bus/pci/devices/0000:00:02.0/virtio*/net/*)"
          + " netns $p; n=\"nsenter -t $p -n\"");
      String back = guest.dom0("i=$($n ip -o link | sed -n 's/.*: \\(eth[0-9]*\\):.*/\\1/p'); $n ip addr add 10.1.0.3/24 dev $i;"
          + " $n ip link set $i up; $n xl-ping 10.1.0.1");
      assertTrue(said(back, "PING"), () -> back + guest.board().text());
      GivenFunction.unharmed(guest);
    }
  }

  @Test
  void everythingOnTheWayIsReplacedUnderLoad() throws Exception {
    try (HypervisorGuest guest = resume(snapshot)) {
      int from = guest.console(GUEST).length();
      guest.type(GUEST, "while [ ! -e /end ]; do dd if=/dev/nvme0n1 bs=64k iflag=direct 2>/dev/null | md5sum; done &");
      guest.begin();
      for (int i = 1; i <= ROUNDS; i++) {
        for (String bundle : ON_THE_WAY) {
          String name = "org.xenolith." + bundle;
          var change = product.change().replace(name, new ByteArrayInputStream(JarEdit.version(product.jar(name), "1.0." + i,
              RecordForm.inTurn(i))));
          assertTrue(change.done() && change.devices() > 0, () -> name + ": " + change + "\n" + guest.events());
        }
      }
      guest.type(GUEST, "touch /end; wait; echo do''ne");
      guest.console(GUEST).await("done\n", from);
      guest.machine().stop();
      guest.end();
      List<String> sums = guest.console(GUEST).text().substring(from).lines().filter(line -> line.matches(".*[0-9a-f]{32}  -")).toList();
      assertTrue(sums.size() > 1 && sums.stream().allMatch(line -> line.endsWith(sum + "  -")), sums::toString);
      assertEquals("0", guest.shell(GUEST, "dmesg | grep -c timeout"));
      GivenFunction.unharmed(guest);
    }
  }

  @Test
  void aDiskIsPulledOutWhileADomainReadsIt() throws Exception {
    try (HypervisorGuest guest = resume(snapshot)) {
      int from = guest.console(GUEST).length();
      guest.type(GUEST, "while dd if=/dev/nvme0n1 of=/dev/null bs=64k iflag=direct 2>/dev/null; do echo ro''und; done; echo fai''led");
      guest.begin();
      guest.console(GUEST).await("round", from);
      assertTrue(product.change().remove("org.xenolith.hw.nvme").done());
      guest.console(GUEST).await("failed", from);
      guest.machine().stop();
      guest.end();
      String log = guest.shell(GUEST, "dmesg | grep 'nvme nvme0: '");
      assertFalse(log.isEmpty(), guest.console(GUEST)::text);
      product.restore();
      guest.shell(GUEST, "for d in $(" + DEVICES + "); do echo 1 > /sys/bus/pci/devices/$d/remove; done");
      guest.xl("pci-detach " + GUEST + " " + DISK.slot());
      DISK.giveBack(guest, "/dev/nvme0n1");
      assertEquals(sum, guest.dom0(READ));
      assertNull(guest.machine().events().get("model-failed"), guest::events);
    }
  }

  @Test
  void aDiskComesAndGoesWhileTheDomainRuns() {
    try (HypervisorGuest guest = resume(snapshot)) {
      for (int i = 0; i < TIMES; i++) {
        assertEquals(sum, guest.shell(GUEST, READ), () -> guest.events());
        String device = guest.shell(GUEST, DEVICES);
        assertTrue(device.matches("0000:00:[0-9a-f]{2}[.]0"), device);
        guest.shell(GUEST, "echo 1 > /sys/bus/pci/devices/" + device + "/remove");
        guest.xl("pci-detach " + GUEST + " " + DISK.slot());
        assertFalse(guest.xl("pci-list " + GUEST).contains(DISK.address()));
        guest.xl("pci-attach " + GUEST + " " + DISK.slot());
        guest.shell(GUEST,
            "echo 1 > /sys/bus/pci/rescan; for i in 1 2 3 4 5 6 7 8 9; do ls /dev/nvme*n1 >/dev/null 2>&1 || sleep 0.2; done");
      }
      assertEquals(sum, guest.shell(GUEST, READ));
      GivenFunction.unharmed(guest);
    }
  }

  @Test
  void runSavedUnderLoadEndsLikeTheOneThatWasNot() throws IOException {
    String load = "for i in 1 2 3 4; do dd if=/dev/nvme0n1 bs=64k iflag=direct 2>/dev/null | md5sum; done; echo fini''shed";
    String finished = "finished\n";
    Path middle = work.resolve("middle");
    try (HypervisorGuest whole = resume(snapshot); HypervisorGuest part = resume(snapshot)) {
      whole.type(GUEST, load);
      whole.runUntil(whole.console(GUEST), finished, 0);
      part.type(GUEST, load);
      part.runUntil(part.console(GUEST), sum, 0);
      part.run(1);
      part.save(middle);
      String before = part.console(GUEST).text();
      try (HypervisorGuest rest = resume(middle)) {
        rest.runUntil(rest.console(GUEST), finished, 0);
        assertEquals(whole.console(GUEST).text(), before + rest.console(GUEST).text());
        assertEquals(whole.machine().digest(), rest.machine().digest());
        GivenFunction.unharmed(rest);
      }
    }
  }

  /** Commands and replacements that came when the host's threads had it so, while the disk was read. */
  @Test
  void commandsAndReplacementsAreReplayed() throws Exception {
    Path journal = work.resolve("journal");
    List<String> replaced = List.of("hw.nvme", "hyp.vpci", "hw.smmuv3", "hyp.its", "hyp.pci");
    String digest;
    String console;
    try (HypervisorGuest recorded = resume(snapshot)) {
      recorded.machine().record(journal);
      recorded.machine().governor(true);
      recorded.console(GUEST).when("ended\n", recorded.machine()::stop);
      recorded.begin();
      recorded.type(GUEST, "while [ ! -e /end ]; do dd if=/dev/nvme0n1 bs=64k iflag=direct 2>/dev/null | md5sum; done; echo en''ded");
      recorded.console(GUEST).await(sum, 0);
      for (String bundle : replaced) {
        String name = "org.xenolith." + bundle;
        assertTrue(product.change().replace(name, new ByteArrayInputStream(JarEdit.version(product.jar(name), "1.0.1"))).done(), name);
      }
      recorded.ask("pci-detach " + GUEST + " " + CARD.slot());
      recorded.ask("pci-attach " + GUEST + " " + CARD.slot());
      recorded.ask("pci-detach " + GUEST + " " + CARD.slot());
      recorded.ask("pci-assignable-remove " + CARD.slot());
      int from = recorded.console(GUEST).length();
      recorded.console(GUEST).await(sum, from);
      // Ctrl-C ends the loop and the list that it is in; the rest comes as keys, too.
      // A shell that is about to start the next dd may miss the signal, so it is sent until it is heard.
      do {
        recorded.type(GUEST, "\u0003");
        recorded.type(GUEST, "echo en''ded");
      } while (!recorded.endsWithin(10));
      recorded.end();
      digest = recorded.machine().digest();
      console = recorded.console(GUEST).text();
    }
    product.restore();
    try (HypervisorGuest replayed = resume(snapshot)) {
      replayed.machine().replay(journal);
      replayed.runUntil(replayed.console(GUEST), "ended\n", 0);
      assertEquals(console, replayed.console(GUEST).text());
      assertEquals(digest, replayed.machine().digest());
    }
  }
}
