// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hotplug;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.xenolith.it.guest.GuestMachine;
import org.xenolith.it.guest.ShellGuest;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.pci.api.PciBar;
import org.xenolith.pci.api.PciFunctionFacts;
import org.xenolith.pci.api.PciHostFacts;
import org.xenolith.pci.api.PciInterrupt;
import org.xenolith.pci.api.PciState;
import org.xenolith.testkit.FullLane;

/** Debian's own {@code lspci} in the guest, beside what the models say of themselves. */
@FullLane
class LspciTest {
  private static final int LINES = 256;
  private static final List<String> FUNCTIONS = List.of("00:01.0", "01:00.0", "00:02.0", "00:03.0");
  private static GuestMachine guest;
  private static String seen;

  @BeforeAll
  static void boot() {
    guest = GuestMachine.launch(RequestBuilder.of("virt").boardOption("gic", "3").memory(512L << 20).guest("debian").option("package", List
        .of(
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
    Map<String, StringBuilder> read = bytes(seen);
    for (String slot : FUNCTIONS) {
      assertTrue(read.containsKey(slot), () -> slot + "\n" + seen);
      assertEquals(LINES, read.get(slot).toString().lines().count(), slot);
      assertEquals(PciBytes.held(guest, slot), read.get(slot).toString().lines().toList(), slot);
    }
  }

  /** The first lines of a file of a function's in the guest's sysfs, without what is blank. */
  private static List<String> sysfs(String function, String file) {
    return guest.command("cat /sys/bus/pci/devices/0000:" + function + "/" + file).lines().map(String::strip).filter(l -> !l.isEmpty())
        .toList();
  }

  private static String hex(int value, int digits) {
    return "0x" + HexFormat.of().toHexDigits(value, digits);
  }

  /** What Debian's kernel has enumerated, and what the query contract tells of it: the same functions, with the same in them. */
  @Test
  void theInventoryTellsWhatTheKernelHasEnumerated() {
    List<PciFunctionFacts> told = PciBytes.inventory().hosts(guest.machine()).stream().flatMap(PciHostFacts::all).toList();
    assertEquals(guest.command("ls /sys/bus/pci/devices").lines().flatMap(line -> Arrays.stream(line.strip().split("\\s+"))).filter(
        name -> !name.isEmpty()).sorted().toList(), told.stream().map(f -> f.address().toString()).sorted().toList());
    for (PciFunctionFacts f : told) {
      String at = f.address().onBus();
      assertEquals(List.of(hex(f.ids().vendor(), 4)), sysfs(at, "vendor"), at);
      assertEquals(List.of(hex(f.ids().device(), 4)), sysfs(at, "device"), at);
      assertEquals(List.of(hex(f.ids().classCode(), 6)), sysfs(at, "class"), at);
      assertEquals(List.of(hex(f.ids().revision(), 2)), sysfs(at, "revision"), at);
      List<String> resources = sysfs(at, "resource");
      for (PciBar bar : f.bars()) {
        if (bar.kind() != PciBar.Kind.IO) {
          // ECAM's window is the same on both sides, so that an address on the bus is the CPU's.
          assertTrue(resources.get(bar.index()).startsWith("0x%016x 0x%016x ".formatted(bar.address(), bar.address() + bar.size() - 1)),
              () -> at + ": " + bar + "\n" + resources);
        }
      }
      f.bridge().ifPresent(windows -> {
        assertEquals(List.of(String.valueOf(windows.secondary())), sysfs(at, "secondary_bus_number"), at);
        assertEquals(List.of(String.valueOf(windows.subordinate())), sysfs(at, "subordinate_bus_number"), at);
        assertTrue(windows.memory().isPresent(), "the disk's BAR is behind its memory window");
      });
      f.link().ifPresent(link -> assertEquals(List.of(String.valueOf(link.width())), sysfs(at, "current_link_width"), at));
      assertEquals(f.interrupt().mode() == PciInterrupt.Mode.MSIX || f.interrupt().mode() == PciInterrupt.Mode.MSI, !guest.command(
          "ls /sys/bus/pci/devices/0000:" + at + "/msi_irqs 2>/dev/null").isBlank(), () -> at + " " + f.interrupt());
    }
    PciFunctionFacts disk = told.stream().filter(f -> f.address().onBus().equals("01:00.0")).findFirst().orElseThrow();
    assertEquals(new PciState(false, true, true, 0), disk.state());
    assertEquals(PciInterrupt.Mode.MSIX, disk.interrupt().mode());
    assertEquals("org.xenolith.hw.nvme", disk.bundle().orElseThrow());
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
