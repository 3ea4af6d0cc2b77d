// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hypervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.boot.api.GuestRequest;
import org.xenolith.boot.api.GuestSource;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.it.hotplug.CompiledTables;
import org.xenolith.it.hotplug.RandomDisk;
import org.xenolith.launch.api.Launcher;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.testkit.FullLane;
import org.xenolith.testkit.Lane;

/**
 * Dom0 by ACPI on APM's Mustang: the machine's MADT has no PSCI, its PCIe port is one of MCFG's exceptions, and its UART, which the
 * hypervisor doesn't drive, is Dom0's. Two functions in the port's slot interrupt by one pin.
 */
@FullLane
class MustangAcpiDom0Test {
  private static final int CPUS = 8;
  private static final int MEBIBYTE = 1 << 20;
  private static final String UART = "/soc/serial@1c020000";
  private static final String DISKS = "echo 3 >/proc/sys/vm/drop_caches; md5sum /dev/nvme0n1 /dev/vda";
  /** A port that isn't as its driver takes it to be, and a Dom0 that reaches for what it hasn't. */
  private static final List<String> HARM = List.of("inbound-refused", "outbound-refused", "config-closed", "clock-off", "xgene-window",
      "xgene-no-answer", "parking-bad-address", "spin-table-bad-address", "pci-bridge", "model-refused", "pci-refused");
  @TempDir
  static Path folder;
  private final RandomDisk first = new RandomDisk(21, 4 * MEBIBYTE);
  private final RandomDisk second = new RandomDisk(22, 2 * MEBIBYTE);

  private RequestBuilder request(int vcpus, String... settings) throws IOException {
    GuestSource debian = InstalledProduct.get().services(GuestSource.class).stream().filter(s -> s.name().equals("debian")).findFirst()
        .orElseThrow();
    Path tree = debian.obtain(System.out::println, GuestRequest.PLAIN).deviceTrees().orElseThrow().resolve("apm/apm-mustang.dtb");
    return RequestBuilder.of(tree.toString()).memory(768L << 20).guest("debian").append(
        "console=ttyS0 quiet cryptomgr.notests xl.pci xl.shell").hypervisor(true).option("firmware", "acpi")
        .option("dom0-vcpus", Integer.toString(vcpus)).option("pci", "0.0=nvme 0.1=virtio")
        .disks(List.of(first.write(folder.resolve("first.raw")) + ",pci=0.0", second.write(folder.resolve("second.raw")) + ",pci=0.1"))
        .settings(Stream.of(settings).map(each -> "/xenolith-hypervisor:" + each).toList());
  }

  @TestFactory
  List<DynamicTest> mustangsDom0ByTables() {
    List<DynamicTest> tests = new ArrayList<>(List.of(
        DynamicTest.dynamicTest(CPUS + " virtual CPUs", this::all),
        DynamicTest.dynamicTest("reset", this::reset)));
    for (String ways : List.of("batch", "trap", "prefault")) {
      int vcpus = ways.equals("batch") ? 1 : 3;
      tests.add(DynamicTest.dynamicTest("windows: " + ways + ", virtual CPUs: " + vcpus, () -> windows(vcpus, ways)));
    }
    return Lane.onlyFull(tests.toArray(DynamicTest[]::new));
  }

  /** The machine has no PSCI; with a hypervisor it needs none, and who asks for events isn't told to boot with one CPU. */
  @Test
  void nothingIsUntoldOfProcessorsThatTheHypervisorStarts() throws IOException {
    List<String> untold = new ArrayList<>();
    InstalledProduct.get().service(Launcher.class).launch(request(CPUS).build(), System.out::println, (kind, place, text) -> {
      if (kind.equals("acpi-untold")) {
        untold.add(place);
      }
    }).close();
    assertTrue(untold.contains("/cpus/l2-cache-0"), untold::toString);
    assertEquals(List.of(), untold.stream().filter(place -> place.startsWith("/cpus/cpu@")).toList());
  }

  private void all() throws Exception {
    try (HypervisorGuest guest = HypervisorGuest.launch(request(CPUS).build(), UART)) {
      itsPortIsThatOfTheTables(guest, CPUS);
      for (int cpu = 0; cpu < CPUS; cpu++) {
        assertEquals("on " + cpu, guest.dom0("busybox taskset " + Integer.toHexString(1 << cpu)
            + " sh -c 'read -r a </proc/self/stat; set -- $a; eval echo on \\${39}'"));
      }
      itsUartIsItsOwn(guest);
      itsDisksAreReadAndWritten(guest, CPUS);
      new CompiledTables(folder, guest::dom0).check(List.of("APIC", "DBG2", "DSDT", "FACP", "GTDT", "MCFG", "PPTT", "SPCR", "STAO"));
      unharmed(guest);
    }
  }

  private static void itsPortIsThatOfTheTables(HypervisorGuest guest, int vcpus) {
    AcpiDom0Test.byTables(guest, vcpus, List.of());
    String log = guest.dom0("dmesg | grep -E 'MCFG|FADT|psci: P'");
    assertTrue(log.contains("MCFG quirk: ECAM at [mem 0xe0d0000000-0xe0dfffffff]"), log);
    assertTrue(log.contains("ACPI FADT declares the system doesn't support MSI"), log);
    assertTrue(log.contains("psci: PSCIv1.1 detected in firmware."), "the hypervisor's, the machine has none: " + log);
    assertEquals("0000:00:00.0\n0000:01:00.0\n0000:01:00.1", guest.dom0("ls /sys/bus/pci/devices"));
  }

  /** As nobody else has a driver for it; the SPCR's console is this one, too. */
  private static void itsUartIsItsOwn(HypervisorGuest guest) {
    String log = guest.dom0("dmesg | grep -E 'SPCR|ttyS0'");
    assertTrue(log.contains("SPCR: console: uart,mmio32,0x1c020000") && log.contains("APMC0D08:00: ttyS0 at MMIO 0x1c020000"), log);
    String interrupts = guest.dom0("grep ttyS0 /proc/interrupts");
    assertTrue(interrupts.matches(" *\\d+: .*\\b[1-9]\\d* .*GIC-0 108 Level +ttyS0"), interrupts);
  }

  private void itsDisksAreReadAndWritten(HypervisorGuest guest, int vcpus) {
    assertEquals(sums(), guest.dom0("insmod /lib/modules/virtio_blk.ko; " + DISKS));
    String interrupts = guest.dom0("grep nvme0q /proc/interrupts");
    String counts = "( +\\d+){" + vcpus + "} +";
    assertTrue(interrupts.matches("\\d+:" + counts + "GIC-0 226 Level +nvme0q0, nvme0q1, virtio0") && !interrupts.matches("\\d+:( +0){"
        + vcpus + "} .*"), interrupts);
    String written = guest.dom0("dd if=/dev/urandom bs=64k count=32 2>/dev/null | tee /dev/nvme0n1 | md5sum; sync");
    assertNotEquals(first.md5(0, 2 * MEBIBYTE) + "  -", written, "other bytes than before");
    assertEquals(written, guest.dom0("echo 3 >/proc/sys/vm/drop_caches; head -c 2097152 /dev/nvme0n1 | md5sum"));
  }

  private String sums() {
    return first.md5(0, 4 * MEBIBYTE) + "  /dev/nvme0n1\n" + second.md5(0, 2 * MEBIBYTE) + "  /dev/vda";
  }

  private static void unharmed(HypervisorGuest guest) {
    HARM.forEach(kind -> assertNull(guest.machine().events().get(kind), guest::events));
  }

  private void windows(int vcpus, String ways) throws IOException {
    try (HypervisorGuest guest = HypervisorGuest.launch(request(vcpus, "acpi-mmio=" + ways).build(), UART)) {
      itsPortIsThatOfTheTables(guest, vcpus);
      itsDisksAreReadAndWritten(guest, vcpus);
      unharmed(guest);
    }
  }

  /** Firmware programs the port again, before the domain's driver finds it. */
  private void reset() throws IOException {
    try (HypervisorGuest guest = HypervisorGuest.launch(request(2).bootsAgain(true).build(), UART)) {
      itsPortIsThatOfTheTables(guest, 2);
      int from = guest.board().length();
      guest.typeAtBoard("reboot -f");
      guest.runUntil(guest.board(), "XENOLITH-MARKER up", from);
      guest.runUntil(guest.board(), HypervisorGuest.PROMPT, guest.board().text().lastIndexOf("XENOLITH-MARKER up"));
      itsPortIsThatOfTheTables(guest, 2);
      assertEquals(sums(), guest.dom0("insmod /lib/modules/virtio_blk.ko; " + DISKS));
      unharmed(guest);
    }
  }
}
