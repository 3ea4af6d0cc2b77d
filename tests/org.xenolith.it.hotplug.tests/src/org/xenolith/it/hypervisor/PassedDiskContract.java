// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hypervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.it.guest.RecordForm;
import org.xenolith.it.hotplug.JarEdit;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.testkit.Lane;

/**
 * Debian in a domain with an NVMe controller of its own while parts on the way go and come, and while the function does. Each test starts at the
 * shells of Dom0 and the domain, from a snapshot; which machine that is says a subclass.
 */
abstract class PassedDiskContract {
  static final String GUEST = "debian1";
  static final String READ = "md5sum /dev/nvme*n1 | cut -c-32";
  private static final int ROUNDS = Lane.full() ? 50 : 15;
  private static final int TIMES = Lane.full() ? 10 : 3;
  /** Addresses of the domain's devices change with those that are given to it. */
  private static final String DEVICES = "cd /sys/bus/pci/drivers/nvme && ls -d 0000:* 2>/dev/null";

  @TempDir
  static Path work;
  final InstalledProduct product = InstalledProduct.get();

  /**
   * What is between the domain's driver and the disk.
   *
   * @param uart     path of the node of Dom0's console
   * @param sum      MD5 of the disk
   * @param disk     the NVMe controller that the domain has
   * @param other    a function of the domain that it doesn't use
   * @param bundles  without {@code org.xenolith.}
   * @param replaced those of them that are replaced in a journal
   */
  record Way(String uart, String sum, GivenFunction disk, GivenFunction other, List<String> bundles, List<String> replaced) {}

  abstract Way way();

  /** Where the machine was saved. */
  abstract Path snapshot();

  /** Dom0 has the disk, which the domain has no longer, at /dev/nvme0n1. */
  abstract void giveBack(HypervisorGuest guest);

  @AfterEach
  void restoreTheProduct() throws IOException {
    product.restore();
  }

  HypervisorGuest resume(Path from) {
    HypervisorGuest guest = HypervisorGuest.launch(RequestBuilder.ofSnapshot(from).build(), way().uart());
    guest.console(GUEST);
    return guest;
  }

  @Test
  void everythingOnTheWayIsReplacedUnderLoad() throws Exception {
    try (HypervisorGuest guest = resume(snapshot())) {
      int from = guest.console(GUEST).length();
      guest.type(GUEST, "while [ ! -e /end ]; do dd if=/dev/nvme0n1 bs=64k iflag=direct 2>/dev/null | md5sum; done &");
      guest.begin();
      for (int i = 1; i <= ROUNDS; i++) {
        for (String bundle : way().bundles()) {
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
      assertTrue(sums.size() > 1 && sums.stream().allMatch(line -> line.endsWith(way().sum() + "  -")), sums::toString);
      assertEquals("0", guest.shell(GUEST, "dmesg | grep -c timeout"));
      GivenFunction.unharmed(guest);
    }
  }

  @Test
  void aDiskIsPulledOutWhileADomainReadsIt() throws Exception {
    try (HypervisorGuest guest = resume(snapshot())) {
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
      guest.xl("pci-detach " + GUEST + " " + way().disk().slot());
      giveBack(guest);
      assertEquals(way().sum(), guest.dom0(READ));
      assertNull(guest.machine().events().get("model-failed"), guest::events);
    }
  }

  @Test
  void aDiskComesAndGoesWhileTheDomainRuns() {
    try (HypervisorGuest guest = resume(snapshot())) {
      for (int i = 0; i < TIMES; i++) {
        assertEquals(way().sum(), guest.shell(GUEST, READ), () -> guest.events());
        String device = guest.shell(GUEST, DEVICES);
        assertTrue(device.matches("0000:00:[0-9a-f]{2}[.]0"), device);
        guest.shell(GUEST, "echo 1 > /sys/bus/pci/devices/" + device + "/remove");
        guest.xl("pci-detach " + GUEST + " " + way().disk().slot());
        assertFalse(guest.xl("pci-list " + GUEST).contains(way().disk().address()));
        guest.xl("pci-attach " + GUEST + " " + way().disk().slot());
        guest.shell(GUEST,
            "echo 1 > /sys/bus/pci/rescan; for i in 1 2 3 4 5 6 7 8 9; do ls /dev/nvme*n1 >/dev/null 2>&1 || sleep 0.2; done");
      }
      assertEquals(way().sum(), guest.shell(GUEST, READ));
      GivenFunction.unharmed(guest);
    }
  }

  @Test
  void runSavedUnderLoadEndsLikeTheOneThatWasNot() throws IOException {
    String load = "for i in 1 2 3 4; do dd if=/dev/nvme0n1 bs=64k iflag=direct 2>/dev/null | md5sum; done; echo fini''shed";
    String finished = "finished\n";
    Path middle = work.resolve("middle");
    try (HypervisorGuest whole = resume(snapshot()); HypervisorGuest part = resume(snapshot())) {
      whole.type(GUEST, load);
      whole.runUntil(whole.console(GUEST), finished, 0);
      part.type(GUEST, load);
      part.runUntil(part.console(GUEST), way().sum(), 0);
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
    String digest;
    String console;
    try (HypervisorGuest recorded = resume(snapshot())) {
      recorded.machine().record(journal);
      recorded.machine().governor(true);
      recorded.console(GUEST).when("ended\n", recorded.machine()::stop);
      recorded.begin();
      recorded.type(GUEST, "while [ ! -e /end ]; do dd if=/dev/nvme0n1 bs=64k iflag=direct 2>/dev/null | md5sum; done; echo en''ded");
      recorded.console(GUEST).await(way().sum(), 0);
      for (String bundle : way().replaced()) {
        String name = "org.xenolith." + bundle;
        assertTrue(product.change().replace(name, new ByteArrayInputStream(JarEdit.version(product.jar(name), "1.0.1"))).done(), name);
      }
      recorded.ask("pci-detach " + GUEST + " " + way().other().slot());
      recorded.ask("pci-attach " + GUEST + " " + way().other().slot());
      recorded.ask("pci-detach " + GUEST + " " + way().other().slot());
      recorded.ask("pci-assignable-remove " + way().other().slot());
      int from = recorded.console(GUEST).length();
      recorded.console(GUEST).await(way().sum(), from);
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
    try (HypervisorGuest replayed = resume(snapshot())) {
      replayed.machine().replay(journal);
      replayed.runUntil(replayed.console(GUEST), "ended\n", 0);
      assertEquals(console, replayed.console(GUEST).text());
      assertEquals(digest, replayed.machine().digest());
    }
  }
}
