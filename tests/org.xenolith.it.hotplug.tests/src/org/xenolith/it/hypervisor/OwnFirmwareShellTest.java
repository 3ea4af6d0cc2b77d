// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hypervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.hyp.api.ConsolesPort;
import org.xenolith.it.guest.GuestConsole;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.testkit.Lane;
import org.xenolith.testkit.efi.DifferenceTable;
import org.xenolith.testkit.efi.ShellFacts;

/**
 * edk2's Shell in a domain, on firmware of our own and on ArmVirtXen: what differs is what {@code docs/reference/efi-beside-edk2.md} says. Full lane: edk2
 * is built.
 */
class OwnFirmwareShellTest {
  private static final String NAME = "uefi";

  @TempDir
  Path folder;

  @TestFactory
  List<DynamicTest> differencesAreThoseThatThePageExplains() {
    return Lane.onlyFull(dynamicTest("a domain, beside ArmVirtXen", () -> {
      Set<String> ours = facts("xenolith");
      Set<String> edk2 = facts("armvirtxen");
      assertTrue(ours.stream().filter(edk2::contains).count() > 8, () -> ours + "\n" + edk2);
      Path page = InstalledProduct.root().resolve("docs/reference/efi-beside-edk2.md");
      assertEquals(List.of(), DifferenceTable.of(Files.readString(page), "A domain").mistakes(ours, edk2));
    }));
  }

  private Set<String> facts(String firmware) throws IOException, InterruptedException {
    Path disk = new UefiDomains(folder).disk("shell-" + firmware, 32, List.of());
    Path config = Files.writeString(folder.resolve(firmware + ".cfg"), """
        name = "%s"
        firmware = "%s"
        memory = 256
        disk = [ '%s,raw,xvda,rw' ]
        """.formatted(NAME, firmware, disk));
    try (HypervisorGuest guest = HypervisorGuest.launch(RequestBuilder.of("virt").boardOption("gic", "3").memory(1L << 30).noDom0(true)
        .hypervisor(true).build())) {
      GuestConsole console = guest.console(NAME);
      guest.xl("create " + config);
      guest.runUntil(console, "startup.nsh", 0);
      int from = console.length();
      type(guest, "");
      guest.runUntil(console, ShellFacts.PROMPT, from);
      for (String command : ShellFacts.COMMANDS) {
        int before = console.length();
        type(guest, command);
        guest.runUntil(console, ShellFacts.PROMPT, before);
      }
      return ShellFacts.of(console.text().substring(from));
    }
  }

  private static void type(HypervisorGuest guest, String line) {
    guest.machine().input(ConsolesPort.INPUT, NAME, (line + "\r").getBytes(StandardCharsets.ISO_8859_1));
  }
}
