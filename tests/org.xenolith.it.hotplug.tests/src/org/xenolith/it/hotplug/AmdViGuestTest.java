// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hotplug;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.guest.GuestMachine;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.it.guest.ShellGuest;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.testkit.FullLane;

/** Debian's driver of AMD's IOMMUs, with a disk and an endpoint behind one that means no good, and most of its memory, from which the kernel takes first, above 4 GiB. */
@FullLane
class AmdViGuestTest {
  private static final String IOMMU = "org.xenolith.hw.amdvi";
  private static final int BYTES = 4 << 20;
  private static final RandomDisk DISK = new RandomDisk(20261128, BYTES);
  private static final String ROGUE = "/sys/bus/pci/devices/0000:00:02.0/";
  @TempDir
  private static Path folder;
  private static GuestMachine guest;
  private final InstalledProduct product = InstalledProduct.get();

  @BeforeAll
  static void boot() throws IOException {
    guest = GuestMachine.launch(RequestBuilder.of("pc-pvh").guest("debian-amd64").cpus(2).memory(6L << 30).boardOption("pcie", "ecam")
        .boardOption("iommu", "amdvi").option("pci", "1.0=nvme 2.0=rogue").disks(List.of(DISK.write(folder.resolve("nvme.raw"))
            + ",pci=1.0")).append("quiet cryptomgr.notests iommu.passthrough=0 iommu.strict=1 xl.pci xl.disk xl.shell").build());
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

  private static String sum() {
    return guest.command("dd if=/dev/nvme0n1 bs=64k iflag=direct 2>/dev/null | md5sum").replaceAll(" .*\\s*", "").strip();
  }

  @Test
  void driverTranslatesAndRemaps() {
    String log = guest.command("dmesg | grep -i -e 'amd-vi' -e iommu");
    for (String line : List.of("AMD-Vi: Interrupt remapping enabled", "Adding to iommu group", "Default domain type: Translated")) {
      assertTrue(log.contains(line), log);
    }
    assertTrue(guest.command("grep -c IR-PCI-MSI /proc/interrupts; grep IR-IO-APIC /proc/interrupts").contains("ttyS0"),
        guest.console()::text);
    assertEquals(DISK.md5(0, BYTES), sum());
    // The rogue's are refused, whenever its test comes.
    assertFalse(guest.events().contains("stream 0x8,"), guest::events);
  }

  @Test
  void replacedUnderADisk() throws IOException {
    for (int i = 1; i <= 3; i++) {
      assertTrue(product.change().replace(IOMMU, new ByteArrayInputStream(JarEdit.version(product.jar(IOMMU), "1.0." + i))).done());
      assertEquals(DISK.md5(0, BYTES), sum());
    }
    assertNull(guest.machine().events().get("model-failed"), guest::events);
  }

  /** Page tables of its own, with nothing in them: not even the kernel's first page is reached, and the kernel says who wanted it. */
  @Test
  void rogueReachesNothing() {
    guest.command("echo 1 > " + ROGUE + "enable; printf '\\006' | dd of=" + ROGUE + "config bs=1 seek=4 conv=notrunc 2>/dev/null");
    String bar = guest.command("head -n1 " + ROGUE + "resource | cut -d' ' -f1").strip();
    String status = guest.command("b=" + bar + "; devmem $b 32 0x1000000; devmem $((b+4)) 32 0; devmem $((b+16)) 32 0x801;"
        + " devmem $((b+20)) 32; devmem $((b+16)) 32 0x802; devmem $((b+20)) 32; devmem $b 32 0xfee00000; devmem $((b+8)) 32 0x31;"
        + " devmem $((b+16)) 32 0x402; devmem $((b+20)) 32; devmem $((b+24)) 32");
    assertEquals(List.of("0x00000002", "0x00000002", "0x00000002", "0x00000003"), status.lines().map(String::strip).filter(line -> line
        .startsWith("0x")).toList());
    String log = guest.command("sleep 1; dmesg | grep 'AMD-Vi: Event logged'; dmesg | grep -c x");
    assertTrue(log.contains("pci 0000:00:02.0: AMD-Vi: Event logged [IO_PAGE_FAULT") && log.contains("address=0x1000000")
        && log.contains("address=0xfee00000"), log);
  }
}
