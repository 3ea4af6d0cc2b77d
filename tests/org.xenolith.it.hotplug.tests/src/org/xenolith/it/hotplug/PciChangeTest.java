// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hotplug;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.xenolith.command.api.MonitorCommand;
import org.xenolith.it.guest.GuestMachine;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.it.guest.ShellGuest;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.testkit.FullLane;

/** Debian's own drivers find a host bridge and a root port; both may change while it looks. */
@FullLane
class PciChangeTest {
  private static final String HOST = "org.xenolith.hw.pcihost.ecam";
  private static final String PORT = "org.xenolith.hw.pci.rootport";
  private static final String ROGUE = "org.xenolith.hw.pci.rogue";
  private static final String ENDPOINT = "/sys/bus/pci/devices/0000:01:00.0/";
  private static final String CONFIG = "/sys/bus/pci/devices/0000:00:01.0/config";
  private static GuestMachine guest;
  private final InstalledProduct product = InstalledProduct.get();

  @BeforeAll
  static void boot() {
    guest = GuestMachine.launch(RequestBuilder.of("virt").memory(256L << 20).guest("debian").append("quiet xl.shell")
        .option("pci", "1.0=root-port 1.0/0.0=rogue").build());
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

  /** All bytes as the guest reads them, 16 a line. */
  private static String seen() {
    return seen(CONFIG);
  }

  private static String seen(String file) {
    return guest.command("od -v -An -tx1 " + file).lines().map(String::strip).filter(line -> !line.isEmpty())
        .collect(Collectors.joining("\n"));
  }

  @Test
  void guestReadsWhatTheModelHolds() {
    MonitorCommand tree = product.services(MonitorCommand.class).stream().filter(c -> c.name().equals("pcitree")).findFirst().orElseThrow();
    guest.begin();
    String text = tree.execute(guest.machine(), List.of());
    guest.machine().stop();
    guest.end();
    assertTrue(text.contains("00:01.0 1b36:000c class 060400 to bus 01..01") && text.contains(PORT) && text.contains(HOST), text);
    assertTrue(text.contains("01:00.0 1b36:00f0 class ff0000  rogue@0,0  " + ROGUE), text);
    List<String> held = PciBytes.held(guest, "00:01.0");
    assertEquals(256, held.size());
    assertEquals(String.join("\n", held), seen());
  }

  @Test
  void driversAreBound() {
    String bound = guest.command("ls /sys/bus/pci/drivers/pcieport; dmesg | grep -c 'PME: Signaling'; cat /proc/interrupts | grep -c PCIe");
    assertTrue(bound.contains("0000:00:01.0"), bound);
    assertFalse(guest.command("dmesg | grep -iE 'pci.*(fail|error|conflict|no space)'").contains("pci "), guest.console()::text);
  }

  @Test
  void replacementsShowNothing() throws IOException {
    String before = seen();
    for (int i = 1; i <= 3; i++) {
      for (String bundle : List.of(HOST, PORT)) {
        assertTrue(product.change().replace(bundle, new ByteArrayInputStream(JarEdit.version(product.jar(bundle), "1.0." + i))).done());
        assertEquals(before, seen(), bundle);
      }
    }
  }

  @Test
  void whatIsGoneReadsAllOnesAndComesBack() throws IOException {
    String before = seen();
    assertTrue(product.change().remove(PORT).done());
    assertEquals("ff", seen().replaceAll("(ff[ \n])+ff", "ff"));
    product.restore();
    assertEquals(before, seen());
    assertTrue(product.change().remove(HOST).done());
    assertEquals("ff", seen().replaceAll("(ff[ \n])+ff", "ff"));
    product.restore();
    assertEquals(before, seen());
  }

  @Test
  void anEndpointComesBackWithItsState() throws IOException {
    guest.command("echo 1 > " + ENDPOINT + "enable");
    String before = seen(ENDPOINT + "config");
    assertTrue(before.startsWith("36 1b f0 00 0"), before);
    assertEquals("2", guest.command("setbytes() { printf \"$1\" | dd of=" + ENDPOINT + "config bs=1 seek=60 conv=notrunc 2>/dev/null; };"
        + " setbytes '\\002'; od -An -tu1 -j60 -N1 " + ENDPOINT + "config").strip());
    String written = seen(ENDPOINT + "config");
    assertTrue(product.change().replace(ROGUE, new ByteArrayInputStream(JarEdit.version(product.jar(ROGUE), "1.0.1"))).done());
    assertEquals(written, seen(ENDPOINT + "config"));
    assertTrue(product.change().remove(ROGUE).done());
    assertEquals("ff", seen(ENDPOINT + "config").replaceAll("(ff[ \n])+ff", "ff"));
    product.restore();
    assertEquals(written, seen(ENDPOINT + "config"));
  }
}
