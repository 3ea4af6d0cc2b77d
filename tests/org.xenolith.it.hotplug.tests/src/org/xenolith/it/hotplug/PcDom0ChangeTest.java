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
import org.xenolith.it.guest.GuestMachine;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.it.guest.ShellGuest;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.machine.control.Machine.RunLimit;
import org.xenolith.testkit.FullLane;

/** What shows a PC's hardware domain the machine's devices comes, goes and is replaced while the domain reads two disks, one that interrupts by messages and one by an input of the I/O APIC. */
@FullLane
class PcDom0ChangeTest {
  private static final List<String> PARTS = List.of("hyp.vioapic", "hyp.vmsi", "hyp.ports", "hyp.vpci");
  private static final int BYTES = 2 << 20;
  private static final RandomDisk NVME = new RandomDisk(20261129, BYTES);
  private static final RandomDisk VIRTIO = new RandomDisk(20261130, BYTES);
  private static final int ROUNDS = 3;
  /** Virtual milliseconds. */
  private static final int BETWEEN = 3;
  private static final int AWAY = 40;
  @TempDir
  private static Path folder;
  private static GuestMachine guest;
  private final InstalledProduct product = InstalledProduct.get();

  @BeforeAll
  static void boot() throws IOException {
    guest = GuestMachine.launch(RequestBuilder.of("pc-pvh").guest("debian-amd64").hypervisor(true).cpus(2).memory(1L << 30).boardOption(
        "pcie", "ecam").option("pci", "1.0=nvme").disks(List.of(NVME.write(folder.resolve("nvme.raw")) + ",pci=1.0", VIRTIO.write(folder
            .resolve("virtio.raw")).toString())).append("quiet cryptomgr.notests xl.pci xl.disk xl.shell").build());
    guest.runUntil(ShellGuest.PROMPT);
  }

  @AfterAll
  static void end() throws IOException {
    guest.close();
  }

  @AfterEach
  void restoreTheProduct() throws IOException {
    product.restore();
  }

  private static void step(int milliseconds) {
    guest.machine().run(new RunLimit(guest.machine().now() + milliseconds * 1_000_000L, Long.MAX_VALUE));
  }

  private static void read(String disk, String file) {
    guest.command("(while [ ! -e /end ]; do dd if=/dev/" + disk + " bs=16k iflag=direct 2>>/errors | md5sum; done) > /" + file + " &");
  }

  /** Ends both loops; each round of each read what is on its disk. */
  private static void check() {
    guest.command("touch /end; wait; rm /end");
    for (var disk : List.of(new String[] {"messages", NVME.md5(0, BYTES)}, new String[] {"line", VIRTIO.md5(0, BYTES)})) {
      String sums = guest.command("sort /" + disk[0] + " | uniq -c");
      assertEquals(1, sums.lines().filter(line -> line.matches(".*[0-9a-f]{32}.*")).count(), () -> disk[0] + ": " + sums);
      assertTrue(sums.contains(disk[1]), () -> disk[0] + ": " + sums);
    }
    assertEquals("0", guest.command("grep -c error /errors").strip());
    assertEquals("0", guest.command("dmesg | grep -c -i -e timeout -e 'I/O error' -e 'lost interrupt' -e 'nobody cared'").strip());
    for (String kind : List.of("model-failed", "change-failed", "model-refused")) {
      assertNull(guest.machine().events().get(kind), guest::events);
    }
  }

  @Test
  void replacedWhileDisksAreRead() throws IOException {
    read("nvme0n1", "messages");
    read("vda", "line");
    for (int round = 1; round <= ROUNDS; round++) {
      for (String part : PARTS) {
        step(BETWEEN);
        String name = "org.xenolith." + part;
        var change = product.change().replace(name, new ByteArrayInputStream(JarEdit.version(product.jar(name), "1.0." + round)));
        assertTrue(change.done() && change.devices() > 0, () -> name + ": " + change + "\n" + guest.events());
      }
    }
    check();
  }

  @Test
  void removedAndPutBackWhileDisksAreRead() throws IOException {
    read("nvme0n1", "messages");
    read("vda", "line");
    for (int round = 1; round <= ROUNDS; round++) {
      for (String part : PARTS) {
        step(BETWEEN);
        String name = "org.xenolith." + part;
        assertTrue(product.change().remove(name).done());
        step(AWAY);
        assertTrue(product.change().add(new ByteArrayInputStream(product.jar(name))).done(), guest::events);
      }
    }
    check();
  }
}
