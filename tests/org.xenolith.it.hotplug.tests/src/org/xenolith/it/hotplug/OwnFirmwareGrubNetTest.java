// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hotplug;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.CRC32;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.guest.BootServer;
import org.xenolith.it.guest.GuestMachine;
import org.xenolith.it.guest.SystemDisk;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.testkit.Lane;

/**
 * Debian's GRUB gets an address by DHCP and a file by TFTP over virtio network cards, by our own UEFI firmware; then it starts Debian, whose driver finds the card
 * usable. It takes a dozen seconds each: the full lane's.
 */
class OwnFirmwareGrubNetTest {
  private static final String PROMPT = "grub> ";
  private static final String SHELL = "root@debian:~# ";
  private static final int SIZE = 300_000;

  @TempDir
  private static Path folder;

  private static String command(GuestMachine guest, String line, String prompt) {
    int from = guest.console().length();
    guest.type(line);
    guest.runFor(50);
    guest.type(prompt.equals(PROMPT) ? "\r" : "\n");
    guest.runUntil(prompt);
    return guest.console().text().substring(from);
  }

  private static void loads(String nic, List<String> cards, List<String> settings) throws IOException, InterruptedException {
    byte[] file = "0123456789abcde\n".repeat(SIZE / 16).getBytes(StandardCharsets.US_ASCII);
    System.arraycopy("it came by TFTP\n".getBytes(StandardCharsets.US_ASCII), 0, file, 0, 16);
    try (GuestMachine guest = GuestMachine.launch(RequestBuilder.of("virt").boardOption("gic", "3").memory(1L << 30).option("firmware",
        "xenolith").option("pci", cards).option("nic", nic).settings(settings).disks(List.of(SystemDisk.in(folder).toString())).build())) {
      BootServer server = new BootServer("sums.txt", file).plug(guest.machine());
      guest.runUntil("GNU GRUB");
      guest.runFor(100);
      guest.type("c");
      guest.runUntil(PROMPT);
      assertTrue(command(guest, "net_ls_cards", PROMPT).contains("efinet0 52:54:00:12:34:56"), guest.console()::text);
      command(guest, "net_dhcp", PROMPT);
      String address = command(guest, "net_ls_addr", PROMPT);
      assertTrue(address.contains("efinet0:dhcp 52:54:00:12:34:56 " + BootServer.LEASE), address);
      String crc = command(guest, "crc (tftp," + BootServer.ADDRESS + ")/sums.txt", PROMPT);
      CRC32 expected = new CRC32();
      expected.update(file);
      assertTrue(crc.contains("%08x".formatted(expected.getValue())), () -> crc + server.seen());
      guest.type("normal\r");
      guest.runUntil("debian login: ");
      guest.type("root\n");
      guest.runUntil(SHELL);
      String said = command(guest, "n=$(ls /sys/class/net | grep -v lo); ip link set $n up; ip addr add " + BootServer.LEASE
          + "/24 dev $n; exec 3<>/dev/udp/" + BootServer.ADDRESS + "/7; echo there and back >&3; echo \"=$(head -c14 <&3)=\"", SHELL);
      assertTrue(said.contains("=there and back="), () -> said + server.seen());
      assertEquals(List.of("arp", "dhcp 1", "dhcp 3", "echo", "tftp /sums.txt"), server.seen());
      assertEquals(List.of(), List.of("model-failed", "virtio-queue-broken", "virtio-net-bad-frame").stream().filter(guest.machine()
          .events()::containsKey).toList(), guest::events);
    }
  }

  @TestFactory
  List<DynamicTest> grubLoadsByTftp() {
    return Lane.onlyFull(dynamicTest("virtio by MMIO", () -> loads(",", List.of(), List.of())), dynamicTest("legacy virtio by MMIO",
        () -> loads(
            ",", List.of(), List.of("/virtio_mmio@a003c00:legacy=true"))), dynamicTest("virtio by PCI", () -> loads("pci=1.0", List.of(
                "1.0=virtio"), List.of())));
  }
}
