// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hotplug;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.xenolith.console.api.SerialPort;
import org.xenolith.it.guest.GuestConsole;
import org.xenolith.it.guest.GuestMachine;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.it.guest.ShellGuest;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.testkit.FullLane;

/** Debian's own driver of two virtio consoles, hvc0 behind virtio-mmio and hvc1 behind PCI, with a shell on the UART. */
@FullLane
class VirtioConsoleGuestTest {
  private static final String BUNDLE = "org.xenolith.hw.virtio.console";
  private static final String WINDOW = "/virtio_mmio@a000000";
  private static final int LINES = 400;
  private static final String DONE = "all writ" + "ten";
  private static final GuestConsole hvc0 = new GuestConsole();
  private static final GuestConsole hvc1 = new GuestConsole();
  private static GuestMachine guest;
  private static String card;
  private final InstalledProduct product = InstalledProduct.get();

  @BeforeAll
  static void boot() {
    guest = GuestMachine.launch(RequestBuilder.of("virt").boardOption("gic", "3").memory(256L << 20).guest("debian").append(
        "quiet cryptomgr.notests xl.shell")
        .option("pci", "1.0=virtio").option("virtio-console", ", pci=1.0").build());
    card = guest.machine().platform().nodes().stream().filter(node -> node.slot().filter("1.0"::equals).isPresent()).findFirst()
        .orElseThrow().path();
    guest.machine().port(WINDOW, SerialPort.class).connect(hvc0);
    guest.machine().port(card, SerialPort.class).connect(hvc1);
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

  private static void type(String node, String text) {
    guest.machine().input("serial", node, text.getBytes(StandardCharsets.US_ASCII));
  }

  private static void unharmed() {
    for (String kind : new String[] {"model-failed", "unmodelled-access", "change-failed", "virtio-queue-broken",
        "virtio-console-bad-address",
        "virtio-console-long-buffer", "virtio-console-no-room", "input-lost"}) {
      assertNull(guest.machine().events().get(kind), guest::events);
    }
  }

  @Test
  void whatIsWrittenAndTypedGoesThroughBothTransports() {
    int before0 = hvc0.length();
    int before1 = hvc1.length();
    guest.command("echo through the window >/dev/hvc0; echo through the card >/dev/hvc1; sleep 0.1");
    assertEquals("through the window\n", hvc0.text().substring(before0));
    assertEquals("through the card\n", hvc1.text().substring(before1));
    guest.command("head -n 1 /dev/hvc0 >/tmp/zero & z=$!; head -n 1 /dev/hvc1 >/tmp/one & o=$!; sleep 0.1");
    type(WINDOW, "to the window\n");
    type(card, "to the card\n");
    guest.command("wait $z; wait $o");
    assertEquals("to the window\nto the card", guest.command("cat /tmp/zero /tmp/one").strip());
    assertTrue(hvc0.text().endsWith("to the window\n"), "the line is echoed: " + hvc0.text());
    unharmed();
  }

  @Test
  void theConsoleIsReplacedWhileItIsUsed() throws IOException {
    int before = hvc0.length();
    int from = guest.console().length();
    guest.type("i=0; while [ $i -lt " + LINES + " ]; do i=$((i+1)); echo line $i; done >/dev/hvc0; sleep 0.1; echo all writ''ten\n");
    guest.begin();
    for (int i = 1; i <= 5; i++) {
      for (String name : new String[] {BUNDLE, "org.xenolith.hw.virtio.mmio"}) {
        var change = product.change().replace(name, new ByteArrayInputStream(JarEdit.version(product.jar(name), "1.0." + i)));
        assertTrue(change.done() && change.devices() > 0, () -> name + ": " + change);
      }
    }
    guest.console().await(ShellGuest.PROMPT, guest.console().await(DONE, from));
    guest.machine().stop();
    guest.end();
    assertEquals(IntStream.rangeClosed(1, LINES).mapToObj(i -> "line " + i + "\n").collect(Collectors.joining()), hvc0.text().substring(
        before));
    unharmed();
  }

  /** The driver waits with its CPU until the device has taken what it sends: the guest stands still meanwhile, and goes on. */
  @Test
  void whatIsUnpluggedComesBack() throws IOException {
    guest.command("head -n 1 /dev/hvc0 >/tmp/typed & t=$!; sleep 0.1");
    assertTrue(product.change().remove(BUNDLE).done());
    type(WINDOW, "typed meanwhile\n");
    assertEquals("", guest.command("sleep 0.2; cat /tmp/typed").strip());
    int before = hvc1.length();
    int from = guest.console().length();
    guest.type("echo written meanwhile >/dev/hvc1; wait $t; sleep 0.1; echo all writ''ten\n");
    guest.runFor(300);
    assertEquals("", hvc1.text().substring(before));
    product.restore();
    guest.begin();
    guest.console().await(ShellGuest.PROMPT, guest.console().await(DONE, from));
    guest.machine().stop();
    guest.end();
    assertEquals("written meanwhile\n", hvc1.text().substring(before));
    assertEquals("typed meanwhile", guest.command("cat /tmp/typed").strip());
    unharmed();
  }
}
