// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hotplug;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.xenolith.command.api.MonitorCommand;
import org.xenolith.it.guest.GuestMachine;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.it.guest.ShellGuest;
import org.xenolith.launch.kit.RequestBuilder;

/** Debian's own {@code lspci} in the guest, beside what the models say of themselves. */
class LspciTest {
  private static final int LINES = 256;
  private static GuestMachine guest;
  private static String seen;

  @BeforeAll
  static void boot() {
    guest = GuestMachine.launch(RequestBuilder.of("virt").boardOption("gic", "3").memory(512L << 20).guest("debian").packages(List.of(
        "pciutils"))
        .append("quiet cryptomgr.notests xl.pci xl.shell").option("pci", "1.0=root-port 1.0/0.0=nvme 2.0=virtio 3.0=rogue")
        .option("nic", "pci=2.0").build());
    guest.runUntil(ShellGuest.PROMPT);
    seen = guest.command("lspci -vvxxxx");
  }

  @AfterAll
  static void end() throws IOException {
    guest.close();
  }

  /** Rows of bytes by function; of what follows a function's line all that are in the form of {@code lspci -x}. */
  private static Map<String, StringBuilder> bytes(String text) {
    Map<String, StringBuilder> functions = new LinkedHashMap<>();
    StringBuilder rows = new StringBuilder();
    for (String line : text.lines().map(String::strip).toList()) {
      if (line.matches("[0-9a-f]{2}:[0-9a-f]{2}[.][0-7] .*")) {
        rows = new StringBuilder();
        functions.put(line.substring(0, 7), rows);
      } else if (line.matches("[0-9a-f]{2,3}:( [0-9a-f]{2}){16}")) {
        rows.append(line.substring(line.indexOf(' ') + 1)).append('\n');
      }
    }
    return functions;
  }

  /** What it says of one function, its bytes left out. */
  private static String said(String slot) {
    int from = seen.indexOf(slot + " ");
    return seen.substring(from, seen.indexOf("\n00: ", from));
  }

  @Test
  void itsBytesAreThoseOfTheModels() {
    MonitorCommand tree = InstalledProduct.get().services(MonitorCommand.class).stream().filter(c -> c.name().equals("pcitree")).findFirst()
        .orElseThrow();
    guest.begin();
    String held = tree.execute(guest.machine(), List.of("-x"));
    guest.machine().stop();
    guest.end();
    Map<String, StringBuilder> models = bytes(held);
    Map<String, StringBuilder> read = bytes(seen);
    for (String slot : List.of("00:01.0", "01:00.0", "00:02.0", "00:03.0")) {
      assertTrue(read.containsKey(slot) && models.containsKey(slot), () -> slot + "\n" + seen + held);
      assertEquals(LINES, read.get(slot).toString().lines().count(), slot);
      assertEquals(models.get(slot).toString(), read.get(slot).toString(), slot);
    }
  }

  @Test
  void itUnderstandsWhatItReads() {
    for (String wrong : List.of("!!!", "<chain broken>", "<chain looped>", "Unknown header", "rev ff", "<access denied>", "<ignored>")) {
      assertFalse(seen.contains(wrong), () -> wrong + " in\n" + seen.lines().filter(l -> !l.matches("[0-9a-f]{2,3}:.*")).toList());
    }
    String port = said("00:01.0");
    for (String part : List.of("Class 0604", "Bus: primary=00, secondary=01", "Express (v2) Root Port", "LnkSta:",
        "Access Control Services",
        "Advanced Error Reporting", "Kernel driver in use: pcieport")) {
      assertTrue(port.contains(part), () -> part + " in\n" + port);
    }
    String disk = said("01:00.0");
    for (String part : List.of("Class 0108", "Power Management", "Express (v2) Endpoint", "MSI-X: Enable+", "FLReset+",
        "Kernel driver in use: nvme")) {
      assertTrue(disk.contains(part), () -> part + " in\n" + disk);
    }
    String rogue = said("00:03.0");
    for (String part : List.of("PME(D0+,D1-,D2-,D3hot+,D3cold-)", "Advanced Error Reporting", "CESta:", "FLReset+")) {
      assertTrue(rogue.contains(part), () -> part + " in\n" + rogue);
    }
    assertTrue(said("00:02.0").contains("Kernel driver in use: virtio-pci"), () -> said("00:02.0"));
  }
}
