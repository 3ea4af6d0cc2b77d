// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hypervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.xen.abi.GuestMap;
import org.xenolith.it.guest.GuestConsole;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.testkit.FullLane;
import org.xenolith.testkit.efi.DifferenceTable;
import org.xenolith.testkit.efi.RuntimeCases;
import org.xenolith.testkit.efi.RuntimeFacts;

/** Every runtime service, called by a program in a domain on firmware of our own and on ArmVirtXen: what differs is what the page explains. */
@FullLane
class OwnFirmwareRuntimeTest {
  private static final String NAME = "uefi";
  private static final int SHUTDOWN = 2;

  @TempDir
  Path folder;

  @Test
  void answersDifferAsThePageSays() throws IOException, InterruptedException {
    Path program = Files.write(folder.resolve("cases.efi"), RuntimeCases.program(GuestMap.GUEST_PL011_BASE, SHUTDOWN));
    Set<String> ours = facts("xenolith", program);
    Set<String> edk2 = facts("armvirtxen", program);
    assertTrue(ours.stream().filter(edk2::contains).count() > 100, () -> ours + "\n" + edk2);
    Path page = InstalledProduct.root().resolve("docs/reference/efi-beside-edk2.md");
    assertEquals(List.of(), DifferenceTable.of(Files.readString(page), "Runtime services of a domain").mistakes(ours, edk2));
  }

  private Set<String> facts(String firmware, Path program) throws IOException, InterruptedException {
    Path disk = new UefiDomains(folder).disk("runtime-" + firmware, 8, program, List.of());
    Path config = Files.writeString(folder.resolve(firmware + ".cfg"), """
        name = "%s"
        firmware = "%s"
        memory = 256
        vuart = "sbsa_uart"
        disk = [ '%s,raw,xvda,rw' ]
        """.formatted(NAME, firmware, disk));
    try (HypervisorGuest guest = HypervisorGuest.launch(RequestBuilder.of("virt").boardOption("gic", "3").memory(1L << 30).noDom0(true)
        .hypervisor(true).build())) {
      GuestConsole console = guest.console(NAME);
      guest.xl("create " + config);
      guest.runUntil(console, RuntimeFacts.END, 0);
      return RuntimeFacts.of(console.text());
    }
  }
}
