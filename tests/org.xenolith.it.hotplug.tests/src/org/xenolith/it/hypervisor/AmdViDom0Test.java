// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hypervisor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.FrameHeap;
import org.xenolith.hyp.api.FrameHeapPort;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.it.hotplug.JarEdit;
import org.xenolith.it.hotplug.RandomDisk;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.testkit.FullLane;

/** Debian's amd64 kernel as the hardware domain of a PC whose IOMMU is the hypervisor's: a disk, and an endpoint that means no good. One boot for all. */
@FullLane
class AmdViDom0Test {
  private static final String UART = "/isa/serial@1,3f8";
  private static final int BYTES = 4 << 20;
  private static final RandomDisk DISK = new RandomDisk(20261128, BYTES);
  private static final String ROGUE = "/sys/bus/pci/devices/0000:00:02.0/";
  private static final List<String> ON_THE_WAY = List.of("hyp.amdvi", "hw.amdvi", "hyp.vmsi", "hyp.vpci", "hyp.pci", "hyp.p2m.x64");
  private static final String DONE = "0x00000001";
  private static final String REFUSED = "0x00000002";

  private final InstalledProduct product = InstalledProduct.get();
  @TempDir
  Path folder;
  private HypervisorGuest guest;

  @Test
  void theHardwareDomainsFunctionsReachItsMemoryAndNothingElse() throws IOException {
    guest = HypervisorGuest.launch(RequestBuilder.of("pc-pvh").cpus(2).memory(1L << 30).guest("debian-amd64")
        .append("quiet cryptomgr.notests xl.pci xl.disk xl.shell").hypervisor(true).boardOption("pcie", "ecam").boardOption("iommu",
            "amdvi")
        .option("pci", "1.0=nvme 2.0=rogue").disks(List.of(DISK.write(folder.resolve("nvme.raw")) + ",pci=1.0")).build(), UART);
    try {
      guest.runUntil(guest.board(), HypervisorGuest.PROMPT, 0);
      isHidden();
      reads();
      reachesNothingElse();
      goesOnWhilePartsAreReplaced();
      for (String kind : List.of("model-failed", "iommu-error", "hypervisor-stray", "change-failed")) {
        assertNull(guest.machine().events().get(kind), kind + guest.events());
      }
    } finally {
      guest.close();
      product.restore();
    }
  }

  /** Dom0 is told of no IOMMU, and can't write to the function that it is. */
  private void isHidden() {
    assertTrue(guest.xl("dmesg").contains("IOMMU /pcie@b0000000/iommu@1f,0: functions behind it reach what their domains have"),
        () -> guest.xl("dmesg"));
    String tables = guest.dom0("ls /sys/firmware/acpi/tables");
    assertTrue(tables.contains("MCFG"), tables);
    assertFalse(tables.contains("IVRS"), tables);
    String config = "/sys/bus/pci/devices/0000:00:1f.0/config";
    String before = guest.dom0("od -An -tx1 -N128 " + config);
    guest.dom0("for i in 4 60 86 88 96 ; do printf '\\000\\000' | dd of=" + config + " bs=1 seek=$i conv=notrunc 2>/dev/null; done");
    assertEquals(before, guest.dom0("od -An -tx1 -N128 " + config));
  }

  private void reads() {
    assertEquals(DISK.md5(0, BYTES), guest.dom0("dd if=/dev/nvme0n1 bs=64k iflag=direct 2>/dev/null | md5sum").replaceAll(" .*", ""));
    assertTrue(guest.dom0("grep PCI-MSI /proc/interrupts").contains("nvme0q1"), guest.board()::text);
  }

  private void reachesNothingElse() {
    Domain dom0 = guest.domain("Domain-0");
    FrameHeap frames = Counters.port(guest.machine(), FrameHeapPort.class);
    long own = 0;
    long hypervisors = 0;
    for (long mfn = 0x1000; mfn < frames.end() && hypervisors == 0; mfn++) {
      own = frames.owner(mfn) == dom0.serial() && own == 0 ? mfn << 12 : own;
      hypervisors = frames.owner(mfn) == FrameHeap.HYPERVISOR ? mfn << 12 : hypervisors;
    }
    byte[] before = guest.machine().peek(hypervisors, 8);
    guest.dom0("echo 1 > " + ROGUE + "enable; printf '\\006' | dd of=" + ROGUE + "config bs=1 seek=4 conv=notrunc 2>/dev/null");
    String bar = guest.dom0("head -n1 " + ROGUE + "resource | cut -d' ' -f1").strip();
    assertEquals(List.of(DONE), tell(bar, own, 0x801));
    assertEquals(List.of(REFUSED, REFUSED), List.of(tell(bar, hypervisors, 0x801).getFirst(), tell(bar, hypervisors, 0x802).getFirst()));
    assertEquals(List.of(REFUSED), tell(bar, 0xFED8_0000L, 0x802), "the IOMMU's registers");
    assertEquals(List.of(REFUSED), tell(bar, 0xFEE0_0000L, 0x402), "a message that nobody gave it");
    assertArrayEquals(before, guest.machine().peek(hypervisors, 8));
    assertTrue(guest.events().contains("function 0000:00:02.0, of d0 Domain-0: nothing is mapped there (IO_PAGE_FAULT), write to 0x"
        + Long.toHexString(hypervisors)), guest::events);
    assertTrue(guest.events().contains("function 0000:00:02.0, of d0 Domain-0: not one of its messages (IO_PAGE_FAULT), a message to"
        + " 0xfee00000"), guest::events);
  }

  private List<String> tell(String bar, long address, int command) {
    return guest.dom0("b=" + bar + "; devmem $b 64 0x" + Long.toHexString(address)
        + "; devmem $((b+8)) 64 0x5a5a5a5a; devmem $((b+16)) 32 0x" + Integer.toHexString(command)
        + "; devmem $((b+20)) 32").lines().map(String::strip).filter(line -> line.startsWith("0x")).toList();
  }

  private void goesOnWhilePartsAreReplaced() throws IOException {
    for (String part : ON_THE_WAY) {
      String bundle = "org.xenolith." + part;
      guest.typeAtBoard("dd if=/dev/nvme0n1 bs=64k iflag=direct 2>/dev/null | md5sum > /sum; echo r\"\"ead");
      int from = guest.board().length();
      guest.run(1);
      assertTrue(product.change().replace(bundle, new ByteArrayInputStream(JarEdit.version(product.jar(bundle), "9.0.1"))).done());
      guest.runUntil(guest.board(), "read\n", from);
      assertEquals(DISK.md5(0, BYTES), guest.dom0("cat /sum").replaceAll(" .*", ""), part);
    }
  }
}
