// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.boot;

import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.product.Outcome;
import org.xenolith.it.product.Product;
import org.xenolith.testkit.FullLane;

/** Debian's amd64 kernel as a PVH guest without local APICs: what it makes of tables that say so. */
class PvhContainerTest {
  @TempDir
  private Path work;

  private Path config(String container) throws Exception {
    Path guest = work.resolve("debian-amd64-cloud");
    if (!Files.exists(guest)) {
      Product.run("guests", "fetch", "debian-amd64-cloud", "--to", guest).expect(0);
    }
    return Files.writeString(work.resolve("guest.cfg"), """
        name = "guest"
        type = "pvh"
        kernel = "%s"
        ramdisk = "%s"
        memory = 256
        vcpus = 4
        container = "%s"
        extra = "console=hvc0"
        """.formatted(guest.resolve("Image"), guest.resolve("initrd"), container));
  }

  @Test
  @FullLane
  void aMinimalGuestComesToItsInitAndKnowsThatItHasNoApicAndNoMessages() throws Exception {
    Outcome outcome = Product.run("boot", "pc-pvh", "--hypervisor", "--no-dom0", "--set", "/xenolith-hypervisor:containers=any", "--domu",
        config("minimal"),
        "--console", "guest", "--until", "XENOLITH-MARKER", "--limit", 60).expect(0).outHas("APIC disabled by BIOS").outHas(
            "smpboot: SMP disabled").outHas("smpboot: Allowing 1 CPUs").outHas("smp: Brought up 1 node, 1 CPU").outHas(
                "ACPI FADT declares the system doesn't support MSI").outHas("ACPI: Interpreter enabled").outHas("XENOLITH-MARKER");
    assertFalse(outcome.out().matches("(?s).*(Kernel panic|BUG|ACPI Error).*"), outcome.toString());
  }

  @Test
  void unlessAllAreAllowedItIsRefusedAsByXen() throws Exception {
    Product.run("boot", "pc-pvh", "--hypervisor", "--no-dom0", "--domu", config("minimal"), "--limit", 5).expect(2).errHas(
        "domain guest: container: Xen makes PVH guests with local APICs and nothing else, and minimal is another set; leave the key out");
    Product.run("boot", "pc-pvh", "--hypervisor", "--no-dom0", "--domu", config("ioapic"), "--limit", 5).expect(2).errHas(
        "expected minimal, lapic, passthrough, got 'ioapic'");
  }
}
