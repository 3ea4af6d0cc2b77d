// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hotplug;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.boot.api.GuestRequest;
import org.xenolith.boot.api.GuestSource;
import org.xenolith.it.guest.GuestMachine;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.it.guest.ShellGuest;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.testkit.Lane;

/**
 * Debian boots by ACPI on APM's Mustang, bare metal: its eight CPUs are parked, its first PCIe port is as firmware leaves it, and two
 * functions in its slot interrupt by a pin, as Linux has no driver by ACPI for the board's MSI controller.
 */
class MustangAcpiTest {
  private static final int CPUS = 8;
  private static final String DISKS = "echo 3 >/proc/sys/vm/drop_caches; md5sum /dev/nvme0n1 /dev/vda";
  @TempDir
  static Path folder;
  private final InstalledProduct product = InstalledProduct.get();
  private RandomDisk first;
  private RandomDisk second;

  @TestFactory
  List<DynamicTest> mustangByItsTables() {
    return Lane.onlyFull(DynamicTest.dynamicTest("Mustang", this::boots));
  }

  private void boots() throws Exception {
    first = new RandomDisk(11, 4 << 20);
    second = new RandomDisk(12, 2 << 20);
    GuestSource debian = product.services(GuestSource.class).stream().filter(s -> s.name().equals("debian")).findFirst().orElseThrow();
    Path tree = debian.obtain(System.out::println, GuestRequest.PLAIN).deviceTrees().orElseThrow().resolve("apm/apm-mustang.dtb");
    try (GuestMachine guest = GuestMachine.launch(RequestBuilder.of(tree.toString()).memory(256L << 20).guest("debian")
        .append("quiet xl.pci xl.shell").option("firmware", "acpi").option("pci", "0.0=nvme 0.1=virtio")
        .disks(List.of(first.write(folder.resolve("first.raw")) + ",pci=0.0", second.write(folder.resolve("second.raw")) + ",pci=0.1"))
        .build())) {
      guest.runUntil(ShellGuest.PROMPT);
      itsEightCpusAreStartedByTheirMailboxes(guest);
      itsLogHasNoComplaint(guest);
      itsDisksAreReadByThePin(guest);
      new CompiledTables(folder, guest::command).check(List.of("APIC", "DBG2", "DSDT", "FACP", "GTDT", "MCFG", "PPTT", "SPCR"));
      whatFirmwareDidStaysWhenItsBundlesGo(guest);
    }
  }

  private static void itsEightCpusAreStartedByTheirMailboxes(GuestMachine guest) {
    String log = guest.command("dmesg | grep -E 'Booted secondary|Brought up|SMP: Total'");
    for (int cpu = 1; cpu < CPUS; cpu++) {
      assertTrue(log.contains("CPU%d: Booted secondary processor 0x%010x".formatted(cpu, cpu / 2 << 8 | cpu % 2)), log);
    }
    assertTrue(log.contains("smp: Brought up 1 node, 8 CPUs") && log.contains("SMP: Total of 8 processors activated."), log);
    assertEquals("0", guest.command("ls /proc/device-tree/cpus 2>/dev/null | wc -l").strip(), "no tree says so");
    String ran = guest.command(
        "for c in 0 1 2 3 4 5 6 7; do busybox taskset $(printf %x $((1 << c))) sh -c 'read -r a </proc/self/stat; set -- $a;"
            + " eval echo on \\${39}'; done");
    assertEquals("on 0\non 1\non 2\non 3\non 4\non 5\non 6\non 7", ran.strip());
  }

  private static void itsLogHasNoComplaint(GuestMachine guest) {
    assertEquals("", guest.command("dmesg | grep -E 'ACPI Error|ACPI BIOS|Firmware Bug|not compliant|WARNING|Unable to|Call trace'"));
    String log = guest.command("dmesg | grep -E 'SPCR|ttyS0|MCFG'");
    assertTrue(log.contains("SPCR: console: uart,mmio32,0x1c020000"), log);
    assertTrue(log.contains("APMC0D08:00: ttyS0 at MMIO 0x1c020000"), log);
    assertNotNull(guest.machine().events().get("acpi-untold"), "of its clocks, for one thing, the tables say nothing");
    assertTrue(log.contains("MCFG quirk: ECAM at [mem 0xe0d0000000-0xe0dfffffff]"), log);
  }

  private void itsDisksAreReadByThePin(GuestMachine guest) {
    assertEquals(sums(), guest.command("insmod /lib/modules/virtio_blk.ko; " + DISKS).strip());
    String interrupts = guest.command("cat /proc/interrupts");
    assertTrue(interrupts.lines().anyMatch(line -> line.matches(" *\\d+: .*\\b[1-9]\\d* .*GIC-0 226 Level +nvme0q0, nvme0q1, virtio0")),
        interrupts);
    assertTrue(interrupts.lines().anyMatch(line -> line.matches("IPI6: +0( +1){7} +CPU wake-up interrupts *")), interrupts);
    for (String kind : List.of("model-failed", "inbound-refused", "outbound-refused", "config-closed", "clock-off", "xgene-window",
        "xgene-no-answer", "parking-bad-address")) {
      assertNull(guest.machine().events().get(kind), guest::events);
    }
  }

  private String sums() {
    return first.md5(0, 4 << 20) + "  /dev/nvme0n1\n" + second.md5(0, 2 << 20) + "  /dev/vda";
  }

  /** Their work was done at power-on: the CPUs' code is in memory, the port's windows are in its registers. */
  private void whatFirmwareDidStaysWhenItsBundlesGo(GuestMachine guest) throws IOException {
    try {
      for (String bundle : List.of("firmware.parking", "firmware.xgene")) {
        String name = "org.xenolith." + bundle;
        assertTrue(product.change().replace(name, new ByteArrayInputStream(JarEdit.version(product.jar(name), "1.0.1"))).done());
        assertEquals(sums(), guest.command(DISKS).strip(), bundle);
        assertTrue(product.change().remove(name).done());
        assertEquals(sums(), guest.command(DISKS).strip(), bundle);
      }
      assertEquals("8", guest.command("nproc").strip());
    } finally {
      product.restore();
    }
    assertEquals(sums(), guest.command(DISKS).strip(), "whoever comes late does nothing before the next power-on");
    assertEquals("8", guest.command("nproc").strip());
  }
}
