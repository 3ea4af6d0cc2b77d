// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.boot;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.product.Outcome;
import org.xenolith.it.product.Product;

/** Debian's amd64 kernel as a PVH guest of the hypervisor on a PC, without a Dom0: it finds its start_info, is called up for events and comes to its init. */
class PvhDomUTest {
  @TempDir
  private static Path work;

  @TestFactory
  List<DynamicTest> guests() {
    return List.of(dynamicTest("to the marker", PvhDomUTest::marker), dynamicTest("four virtual CPUs on two CPUs", PvhDomUTest::four),
        dynamicTest("a kernel for another processor",
            PvhDomUTest::another));
  }

  private static Path guest(String name) throws Exception {
    Path folder = work.resolve(name);
    if (!Files.exists(folder)) {
      Product.run("guests", "fetch", name, "--to", folder).expect(0);
    }
    return folder;
  }

  private static Outcome boot(Path guest, int cpus, int vcpus) throws Exception {
    Path config = Files.writeString(work.resolve("guest.cfg"), """
        name = "guest"
        type = "pvh"
        kernel = "%s"
        ramdisk = "%s"
        memory = 256
        vcpus = %d
        extra = "console=hvc0"
        """.formatted(guest.resolve("Image"), guest.resolve("initrd"), vcpus));
    return Product.run("boot", "pc-pvh", "--cpus", cpus, "--hypervisor", "--no-dom0", "--domu", config, "--console", "guest", "--until",
        "XENOLITH-DONE",
        "--limit", 60);
  }

  private static void marker() throws Exception {
    Outcome outcome = boot(guest("debian-amd64-cloud"), 1, 1).expect(0).outHas("Hypervisor detected: Xen HVM").outHas(
        "Booting kernel on Xen PVH")
        .outHas(
            "xen:events: Using FIFO-based ABI").outHas("Xen HVM callback vector for event delivery is enabled").outHas(
                "Switched APIC routing to physical x2apic").outHas("Switched to clocksource xen").outHas("ACPI: Interpreter enabled")
        .outHas("XENOLITH-MARKER");
    assertFalse(outcome.out().matches("(?s).*(Kernel panic|WARNING:|BUG|Firmware Bug|ACPI Error).*"), outcome.toString());
  }

  /** They start one another by their local APICs. */
  private static void four() throws Exception {
    boot(guest("debian-amd64-cloud"), 2, 4).expect(0).outHas("smp: Brought up 1 node, 4 CPUs").outHas("XENOLITH-MARKER");
  }

  private static void another() throws Exception {
    boot(guest("debian"), 1, 1).expect(2).errHas("pvh.domu: the kernel is neither a bzImage nor an ELF file");
  }
}
