// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hypervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.testkit.FullLane;
import org.xenolith.testkit.Lane;

/** An NVMe controller goes from Dom0 to a domain and back: Debian's kernel in both, with its own drivers. */
@FullLane
class PassthroughTest {
  private static final GivenFunction DISK = new GivenFunction("01:00.0", "nvme");
  private static final String GUEST = "debian1";
  private static final int MEBIBYTE = 1 << 20;
  /** Digits of an MD5 sum. */
  private static final int SUM = 32;
  @TempDir
  Path folder;

  /** @param cards {@code --pci}; the one at 01:00.0 gets the disk */
  private HypervisorGuest boot(String bridge, String cards, String slot, int mebibytes) throws IOException {
    return boot(bridge, cards, slot, mebibytes, Map.of());
  }

  private HypervisorGuest boot(String bridge, String cards, String slot, int mebibytes, Map<String, List<String>> options)
      throws IOException {
    Path image = Files.write(folder.resolve("nvme.raw"), new byte[mebibytes * MEBIBYTE]);
    RequestBuilder request = RequestBuilder.of("virt").boardOption("gic", "3").cpus(2).memory(1L << 30).guest("debian")
        .append("quiet cryptomgr.notests xl.pci xl.shell").hypervisor(true).boardOption("pcie", bridge).boardOption("iommu", "smmuv3")
        .option("pci", cards).disks(List.of(image + ",pci=" + slot));
    options.forEach(request::option);
    HypervisorGuest guest = HypervisorGuest.launch(request.build());
    guest.runUntil(guest.board(), HypervisorGuest.PROMPT, 0);
    return guest;
  }

  private Path domain(String pci) throws IOException {
    DebianDomains debian = DebianDomains.fetched(folder);
    return Files.writeString(folder.resolve(GUEST + ".cfg"), Files.readString(debian.domain(GUEST, 11, 1, "xl.pci"))
        + "pci = [ " + pci + " ]\n");
  }

  private static void thereAndBack(HypervisorGuest guest, Path config, int mebibytes) {
    assertEquals("", guest.dom0("dmesg | grep 'Failed to add'"));
    assertTrue(guest.dom0("grep nvme /proc/interrupts").contains("ITS-MSI"), guest.board()::text);
    DISK.release(guest);
    guest.xl("create " + config);
    assertTrue(guest.xl("pci-list " + GUEST).contains(DISK.address()), () -> guest.xl("pci-list " + GUEST));
    guest.runUntil(GUEST, HypervisorGuest.PROMPT);
    assertEquals("XENOLITH-LOAD OK vfat", guest.shell(GUEST, "xl-load vfat"));
    assertTrue(guest.shell(GUEST, "grep nvme /proc/interrupts").contains("ITS-MSI"), guest.console(GUEST)::text);
    String sum = guest.shell(GUEST, "mkdosfs /dev/nvme0n1 && mount -t vfat /dev/nvme0n1 /mnt && dd if=/dev/urandom bs=1M count=" + mebibytes
        + " 2>/dev/null | tee /mnt/file | md5sum").substring(0, SUM);
    assertEquals(sum + "  /mnt/file", guest.shell(GUEST, "umount /mnt; mount -t vfat /dev/nvme0n1 /mnt && md5sum /mnt/file; umount /mnt"));
    guest.xl("destroy " + GUEST);
    assertFalse(guest.xl("list").contains(GUEST), () -> guest.xl("list"));
    DISK.giveBack(guest, "/dev/nvme0n1");
    assertEquals(sum + "  /mnt/file", guest.dom0(
        "xl-load vfat >/dev/null; mount -t vfat /dev/nvme0n1 /mnt && md5sum /mnt/file; umount /mnt"));
    GivenFunction.unharmed(guest);
  }

  /** In the default lane {@link PassthroughChangeTest} has one behind this bridge. */
  @TestFactory
  List<DynamicTest> aDiskGoesToADomainAndBack() {
    return Lane.onlyFull(DynamicTest.dynamicTest("ecam", () -> {
      try (HypervisorGuest guest = boot("ecam", "1.0=root-port 1.0/0.0=nvme", "1.0/0.0", 80)) {
        thereAndBack(guest, domain("'01:00.0'"), 64);
      }
    }), DynamicTest.dynamicTest("ecam, Dom0 by ACPI", () -> {
      try (HypervisorGuest guest = boot("ecam", "1.0=root-port 1.0/0.0=nvme", "1.0/0.0", 24, Map.of("firmware", List.of("acpi")))) {
        thereAndBack(guest, domain("'01:00.0'"), 16);
      }
    }), DynamicTest.dynamicTest("xgene, Dom0 by ACPI", () -> {
      try (HypervisorGuest guest = boot("xgene", "0.0=nvme", "0.0", 24, Map.of("firmware", List.of("acpi")))) {
        String log = guest.dom0("dmesg | grep -E 'MCFG quirk|APM '");
        assertTrue(log.contains("MCFG 0x") && log.contains("MCFG quirk: ECAM at"), log);
        thereAndBack(guest, domain("'01:00.0'"), 16);
      }
    }));
  }

  @Test
  void aDiskBehindAnXgeneBridgeGoesToADomainAndBack() throws IOException {
    try (HypervisorGuest guest = boot("xgene", "0.0=nvme", "0.0", 80)) {
      thereAndBack(guest, domain("'01:00.0'"), 64);
    }
  }

  /** Dom0's own card is one of virtio-mmio on the same bridge inside the machine. */
  @Test
  void aNetworkCardBehindAnXgeneBridgeGoesToADomainAndBack() throws IOException {
    GivenFunction card = new GivenFunction("01:00.0", "virtio-pci");
    try (HypervisorGuest guest = HypervisorGuest.launch(RequestBuilder.of("virt").boardOption("gic", "3").cpus(2).memory(1L << 30).guest(
        "debian")
        .append("quiet cryptomgr.notests xl.pci xl.shell").hypervisor(true).boardOption("pcie", "xgene").boardOption("iommu", "smmuv3")
        .option("pci", "0.0=virtio").option("nic", "pci=0.0 mac=52:54:00:aa:bb:cc").build())) {
      guest.runUntil(guest.board(), HypervisorGuest.PROMPT, 0);
      card.release(guest);
      String own = guest.dom0("insmod /lib/modules/virtio_mmio.ko; sleep 0.3; c=$(basename $(dirname $(grep -l 52:54:00:aa:bb:cc"
          + " /sys/class/net/*/address))); xl-ip 10.1.0.1/24 $c");
      assertTrue(own.contains("XENOLITH-IP OK"), own);
      guest.xl("create " + domain("'01:00.0'"));
      guest.runUntil(GUEST, HypervisorGuest.PROMPT);
      guest.shell(GUEST, "c=$(basename $(dirname $(grep -l 52:54:00:12:34:56 /sys/class/net/*/address))); xl-ip 10.1.0.2/24 $c");
      assertTrue(guest.shell(GUEST, "grep virtio /proc/interrupts").contains("ITS-MSI"), guest.console(GUEST)::text);
      String pinged = guest.shell(GUEST, "xl-ping 10.1.0.1");
      assertTrue(pinged.contains("XENOLITH-PING OK"), () -> pinged + guest.events());
      guest.xl("destroy " + GUEST);
      // Number 0 went to the other card meanwhile
      card.giveBack(guest, "/sys/bus/pci/devices/0000:01:00.0/virtio1/net");
      GivenFunction.unharmed(guest);
    }
  }
}
