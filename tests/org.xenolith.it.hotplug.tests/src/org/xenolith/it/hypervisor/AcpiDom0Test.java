// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hypervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.testkit.FullLane;
import org.xenolith.testkit.Lane;

/** Debian's kernel as Dom0 that the machine's ACPI tables describe. */
@FullLane
class AcpiDom0Test {
  private static final String QUIET = "quiet cryptomgr.notests xl.shell";

  static RequestBuilder dom0(int gic, int cpus, String... settings) {
    return RequestBuilder.of("virt").boardOption("gic", Integer.toString(gic)).cpus(cpus).memory(1L << 30).guest("debian").append(QUIET)
        .hypervisor(true).option("firmware", "acpi").settings(Stream.of(settings).map(each -> "/xenolith-hypervisor:" + each).toList());
  }

  /** Boots to the shell and looks at what every such Dom0 has in common. */
  private static HypervisorGuest booted(LaunchRequest request, int cpus) {
    return booted(request, cpus, List.of());
  }

  /** @param complaints that Linux has of the tables */
  private static HypervisorGuest booted(LaunchRequest request, int cpus, List<String> complaints) {
    return booted(HypervisorGuest.launch(request), cpus, complaints);
  }

  /** The same with a machine that is ready to run. */
  static HypervisorGuest booted(HypervisorGuest guest, int cpus, List<String> complaints) {
    try {
      byTables(guest, cpus, complaints);
      assertTrue(guest.dom0("dmesg").contains("UART device @0x0000000009000000 in SPCR table will be hidden"), guest.board()::text);
      assertEquals("", guest.dom0("grep -i '^ *09000000' /proc/iomem"), "the UART isn't Dom0's");
      return guest;
    } catch (Throwable e) {
      guest.close();
      throw e;
    }
  }

  /** What Dom0 by tables has in common on all machines. */
  static void byTables(HypervisorGuest guest, int cpus, List<String> complaints) {
    guest.runUntil(guest.board(), HypervisorGuest.PROMPT, 0);
    String log = guest.dom0("dmesg");
    for (String line : List.of("Xen 4.17 support found", "efi: EFI v2.50 by Xen", "ACPI: STAO 0x",
        "psci: probing for conduit method from ACPI.", "psci: Using standard PSCI v0.2 function IDs",
        "Grant tables using version 1 layout", "Xen: initializing cpu0",
        "SMP: Total of " + cpus + " processors activated.")) {
      assertTrue(log.contains(line), line + " in\n" + log);
    }
    assertEquals(complaints, log.lines().map(line -> line.replaceFirst("^\\[[ 0-9.]+\\] ", "")).filter(line -> line.matches(
        ".*(ACPI Error|ACPI Warning|ACPI BIOS|Firmware Bug|not compliant|WARNING|Call trace|rror: ).*")).toList());
    for (String kind : List.of("guest-abort", "model-failed", "unmodelled-access", "internal-fault")) {
      assertNull(guest.machine().events().get(kind), guest.events());
    }
  }

  @Test
  void debianBootsByTheMachinesTables() {
    try (HypervisorGuest guest = booted(dom0(2, 1).build(), 1)) {
      assertEquals("psci", guest.dom0("[ -e /proc/device-tree/cpus ] || echo psci"), "no tree describes hardware");
      assertEquals("00000000: 41504943", "00000000: " + guest.dom0("od -A n -t x1 -N 4 /sys/firmware/acpi/tables/APIC | tr -d ' '"));
    }
  }

  @TestFactory
  List<DynamicTest> debianBootsWithEveryVariant() {
    List<DynamicTest> tests = new ArrayList<>();
    for (int gic : new int[] {2, 3}) {
      for (String ways : List.of("prefault", "batch", "trap")) {
        int cpus = gic == 2 ? 1 : 4;
        tests.add(DynamicTest.dynamicTest("GICv" + gic + ", " + cpus + " CPUs, " + ways,
            () -> booted(dom0(gic, cpus, "acpi-mmio=" + ways).build(), cpus).close()));
      }
    }
    tests.add(DynamicTest.dynamicTest("GICv2, 4 CPUs, all switches", AcpiDom0Test::switches));
    tests.add(DynamicTest.dynamicTest("the builder by device tree", AcpiDom0Test::byTree));
    tests.add(DynamicTest.dynamicTest("a reset", AcpiDom0Test::reset));
    return Lane.onlyFull(tests.toArray(DynamicTest[]::new));
  }

  /** An interrupt of 0 for EL2's timer, as was proposed, isn't one to Linux. */
  private static void switches() {
    try (HypervisorGuest guest = booted(dom0(2, 4, "acpi-mask-el2-timer=true", "acpi-hypervisor-id=true", "acpi-xenv=true",
        "acpi-hide=\\_SB.PWR0", "acpi-hide-by-status=true").build(), 4, List.of("[Firmware Bug]: Illegal GSI0 translation request"))) {
      assertTrue(guest.dom0("dmesg").contains("ACPI: XENV 0x"));
      assertEquals("", guest.dom0("dmesg | grep 'Power Button'"), "the device that is hidden");
    }
  }

  /** Firmware describes the board again, in the same memory, which nobody has then. */
  private static void reset() {
    try (HypervisorGuest guest = booted(dom0(3, 2).bootsAgain(true).build(), 2)) {
      String tables = guest.dom0("dmesg | grep -o 'ACPI: .* 0x.*'");
      String free = guest.xl("info").lines().filter(line -> line.contains("free_memory")).findFirst().orElseThrow();
      int from = guest.board().length();
      guest.typeAtBoard("reboot -f");
      guest.runUntil(guest.board(), "XENOLITH-MARKER up", from);
      guest.runUntil(guest.board(), HypervisorGuest.PROMPT, guest.board().text().lastIndexOf("XENOLITH-MARKER up"));
      assertEquals(tables, guest.dom0("dmesg | grep -o 'ACPI: .* 0x.*'"));
      assertTrue(guest.xl("info").contains(free), free + " before, then\n" + guest.xl("info"));
      assertNull(guest.machine().events().get("guest-abort"), guest.events());
    }
  }

  private static void byTree() {
    try (HypervisorGuest guest = HypervisorGuest.launch(dom0(2, 1).option("dom0-builder", "arm.dt.dom0").build())) {
      guest.runUntil(guest.board(), HypervisorGuest.PROMPT, 0);
      assertTrue(guest.dom0("dmesg").contains("ACPI: Interpreter disabled."));
    }
  }
}
