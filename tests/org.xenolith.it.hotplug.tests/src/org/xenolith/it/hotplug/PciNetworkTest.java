// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hotplug;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.xenolith.it.guest.GuestMachine;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.it.guest.RecordForm;
import org.xenolith.it.guest.ShellGuest;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.testkit.FullLane;
import org.xenolith.testkit.Lane;

/**
 * Debian's own driver of two virtio network cards behind GICv3, ITS and SMMUv3, one on the root bus, one behind a root port. Each
 * is in a network namespace of its own, so that what goes from one to the other passes both cards and the switch.
 */
@FullLane
class PciNetworkTest {
  private static final int ROUNDS = 5;
  private static final int MOST_ROUNDS = 200;
  private static final int MEBIBYTES = Lane.full() ? 16 : 4;
  private static final String DONE = "trans" + "ferred";
  private static GuestMachine guest;
  private final InstalledProduct product = InstalledProduct.get();

  @BeforeAll
  static void boot() {
    guest = GuestMachine.launch(RequestBuilder.of("virt").boardOption("gic", "3").memory(256L << 20).guest("debian").append(
        "quiet xl.pci xl.shell")
        .option("pci", "1.0=virtio 2.0=root-port 2.0/0.0=virtio").boardOption("iommu", "smmuv3")
        .option("nic", "pci=1.0 pci=2.0/0.0,mac=52:54:00:aa:bb:cc").build());
    guest.runUntil(ShellGuest.PROMPT);
    guest.command("unshare -n sleep 100000 & p=$!; sleep 0.2; ip link set eth1 netns $p; n=\"nsenter -t $p -n\"");
    guest.command("ip addr add 10.0.0.1/24 dev eth0; ip link set eth0 up; $n ip addr add 10.0.0.2/24 dev eth1; $n ip link set eth1 up");
  }

  @AfterAll
  static void end() throws IOException {
    guest.close();
  }

  @AfterEach
  void restoreTheProduct() throws IOException {
    product.restore();
  }

  private static void unharmed() {
    for (String kind : List.of("model-failed", "refused-dma", "unmodelled-access", "its-message", "change-failed", "virtio-queue-broken",
        "virtio-net-bad-frame", "virtio-net-bad-address", "virtio-net-short-buffer")) {
      assertNull(guest.machine().events().get(kind), guest::events);
    }
  }

  private static void pings(int size) {
    String said = guest.command("ping -c 3 -W 5 -s " + size + " 10.0.0.2");
    assertTrue(said.contains("3 packets received"), said);
  }

  @Test
  void theDriverFindsAddressesAndLinks() {
    assertEquals("52:54:00:12:34:56\n1", guest.command("cat /sys/class/net/eth0/address /sys/class/net/eth0/carrier").strip());
    assertTrue(guest.command("$n ip link show eth1").contains("52:54:00:aa:bb:cc"), guest.console()::text);
    assertTrue(guest.command("ls /sys/bus/virtio/drivers/virtio_net").contains("virtio1"), guest.console()::text);
    assertTrue(guest.command("grep virtio1-input /proc/interrupts").contains("ITS-MSI"), guest.console()::text);
    String features = guest.command("cat /sys/bus/virtio/devices/virtio0/features").strip();
    assertEquals('1', features.charAt(33), "the SMMU translates for it");
  }

  @Test
  void cardsSeeEachOther() {
    for (int size : new int[] {0, 56, 1472, 8000}) {
      pings(size);
    }
    String counted = guest.command("cat /sys/class/net/eth0/statistics/rx_errors /sys/class/net/eth0/statistics/tx_errors");
    assertEquals("0\n0", counted.strip());
    unharmed();
  }

  /** The far side sends test data with its sum by TCP, whose checksums each side makes and checks; this side says whether it is whole. */
  @Test
  void everythingOnTheWayIsReplacedUnderTraffic() throws IOException {
    int from = guest.console().length();
    guest.type("$n xl-serve 5001 " + MEBIBYTES + " & xl-fetch 10.0.0.2 5001; wait $!; echo trans''ferred\n");
    guest.begin();
    // The far side makes its data first: rounds go on until all is here.
    for (int i = 1; i <= ROUNDS || i <= MOST_ROUNDS && guest.console().text().indexOf(DONE, from) < 0; i++) {
      for (String bundle : List.of("hw.virtio.net", "net.bridge", "hw.virtio.pci", "hw.smmuv3", "hw.its", "hw.pci.rootport",
          "hw.pcihost.ecam", "hw.gicv3")) {
        String name = "org.xenolith." + bundle;
        var change = product.change().replace(name, new ByteArrayInputStream(JarEdit.version(product.jar(name), "1.0." + i,
            RecordForm.inTurn(i))));
        assertTrue(change.done() && change.devices() > 0, () -> name + ": " + change);
      }
    }
    int end = guest.console().await(DONE, from);
    guest.console().await(ShellGuest.PROMPT, end);
    guest.machine().stop();
    guest.end();
    String said = guest.console().text().substring(from);
    assertTrue(said.contains("XENOLITH-FETCH OK 10.0.0.2:5001 bytes=" + (MEBIBYTES << 20)) && said.contains("XENOLITH-SERVE OK"), said);
    assertTrue(guest.command("grep -h Tcp: /proc/net/snmp").strip().endsWith(" 0"), "no wrong checksum");
    unharmed();
  }

  @Test
  void whatIsUnpluggedComesBack() throws IOException {
    assertTrue(product.change().remove("org.xenolith.hw.virtio.net").done());
    assertTrue(guest.command("ping -c 1 -W 1 10.0.0.2").contains(" 0 packets received"), guest.console()::text);
    product.restore();
    pings(56);
  }

  @Test
  void aSwitchThatGoesIsACablePulled() throws IOException {
    assertTrue(product.change().remove("org.xenolith.net.bridge").done());
    assertEquals("0", guest.command("sleep 0.1; cat /sys/class/net/eth0/carrier").strip());
    product.restore();
    assertEquals("1", guest.command("sleep 0.1; cat /sys/class/net/eth0/carrier").strip());
    pings(56);
  }
}
