// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hypervisor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.boot.api.GuestImage;
import org.xenolith.boot.api.GuestRequest;
import org.xenolith.boot.api.GuestSource;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.FrameHeap;
import org.xenolith.hyp.api.FrameHeapPort;
import org.xenolith.hyp.api.P2mPort;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.it.hotplug.CompiledTables;
import org.xenolith.it.hotplug.RandomDisk;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.testkit.FullLane;

/** On a PC an NVMe controller goes from Dom0 to a PVH guest with a root complex, and back: Debian's kernel in both, with its own driver. */
@FullLane
class PvhPassthroughTest {
  private static final String UART = "/isa/serial@1,3f8";
  private static final int BYTES = 4 << 20;
  private static final RandomDisk CONTENT = new RandomDisk(20261129, BYTES);
  private static final String READ = "dd if=/dev/nvme0n1 bs=64k iflag=direct 2>/dev/null | md5sum | cut -c-32";
  private static final String GUEST = "one";
  /** The guest's. */
  private static final long RAM = 256 << 20;
  private static final long PATTERN = 0x5A5A_1234_5678L;
  private static final int READ_WORD = 0x801;
  private static final int WRITE = 0x802;
  private static final String DONE = "0x00000001";
  private static final String REFUSED = "0x00000002";

  @TempDir
  Path folder;

  /** The endpoint that the guest has, at its slot 1, reads and writes the guest's memory; elsewhere it is refused, and who tried is told. */
  private static void rogueReachesItsGuestOnly(HypervisorGuest guest) {
    Domain domain = guest.domain(GUEST);
    P2mPort p2m = Counters.port(guest.machine(), P2mPort.class);
    FrameHeap frames = Counters.port(guest.machine(), FrameHeapPort.class);
    long dom0 = 0x1000;
    while (frames.owner(dom0) != guest.domain("Domain-0").serial() || dom0 < RAM >>> 12) {
      dom0++;
    }
    long hypervisors = frames.end() - 1;
    while (frames.owner(hypervisors) != FrameHeap.HYPERVISOR) {
      hypervisors--;
    }
    guest.shell(GUEST, "f=/sys/bus/pci/devices/0000:00:01.0; echo 1 > $f/enable; printf '\\006' | dd of=$f/config bs=1 seek=4 conv=notrunc"
        + " 2>/dev/null");
    long own = RAM - 0x1000;
    assertEquals(DONE, tell(guest, own, WRITE));
    long machine = p2m.translate(domain, own, false);
    assertEquals(PATTERN, ByteBuffer.wrap(guest.machine().peek(machine, 8)).order(ByteOrder.LITTLE_ENDIAN).getLong());
    byte[] before = guest.machine().peek(dom0 << 12, 4096);
    for (long address : new long[] {dom0 << 12, hypervisors << 12, 0xFED8_0000L, 0xB000_0000L, 0xE000_0000L, 0x4000_0000L << 8}) {
      assertEquals(REFUSED, tell(guest, address, WRITE), Long.toHexString(address));
      assertEquals(REFUSED, tell(guest, address, READ_WORD), Long.toHexString(address));
    }
    assertEquals(REFUSED, tell(guest, 0xFEE0_0000L, 0x402), "a message that nobody gave it");
    assertArrayEquals(before, guest.machine().peek(dom0 << 12, 4096));
    assertTrue(guest.events().contains("function 0000:00:02.0, of d" + domain.id()
        + " one: nothing is mapped there (IO_PAGE_FAULT), write to"
        + " 0x" + Long.toHexString(dom0 << 12)), guest::events);
  }

  private static String tell(HypervisorGuest guest, long address, int command) {
    return guest.shell(GUEST, "b=$(head -n1 /sys/bus/pci/devices/0000:00:01.0/resource | cut -d' ' -f1); devmem $b 64 0x" + Long
        .toHexString(
            address) + "; devmem $((b+8)) 64 0x" + Long.toHexString(PATTERN) + "; devmem $((b+16)) 32 0x" + Integer.toHexString(command)
        + "; devmem $((b+20)) 32");
  }

  @Test
  void aDiskGoesToAGuestAndBack() throws IOException, InterruptedException {
    GuestImage debian = InstalledProduct.get().services(GuestSource.class).stream().filter(s -> s.name().equals("debian-amd64")).findFirst()
        .orElseThrow().obtain(System.out::println, GuestRequest.PLAIN);
    Path kernel = Files.write(folder.resolve("kernel"), debian.kernel());
    Path ramdisk = Files.write(folder.resolve("ramdisk"), debian.initrd().orElseThrow());
    Path config = Files.writeString(folder.resolve("one.cfg"), """
        name = "one"
        type = "pvh"
        container = "passthrough"
        kernel = "%s"
        ramdisk = "%s"
        memory = 256
        extra = "console=hvc0 quiet cryptomgr.notests xl.pci xl.shell"
        pci = [ '00:01.0', '00:02.0' ]
        """.formatted(kernel, ramdisk));
    try (HypervisorGuest guest = HypervisorGuest.launch(RequestBuilder.of("pc-pvh").memory(1L << 30).guest("debian-amd64")
        .append("quiet cryptomgr.notests xl.pci xl.shell").hypervisor(true).boardOption("pcie", "ecam").boardOption("iommu", "amdvi")
        .settings(List.of("/xenolith-hypervisor:containers=any")).option("pci", "1.0=nvme 2.0=rogue 3.0=rogue")
        .disks(List.of(CONTENT.write(folder.resolve("nvme.raw")) + ",pci=1.0")).build(), UART)) {
      guest.runUntil(guest.board(), HypervisorGuest.PROMPT, 0);
      assertEquals(CONTENT.md5(0, BYTES), guest.dom0(READ));
      guest.dom0("echo 0000:00:01.0 > /sys/bus/pci/drivers/nvme/unbind");
      guest.xl("pci-assignable-add 00:01.0");
      guest.xl("pci-assignable-add 00:02.0");
      guest.xl("create " + config);
      assertTrue(guest.xl("pci-list one").contains("0000:00:01.0"), () -> guest.xl("pci-list one"));
      guest.runUntil(GUEST, HypervisorGuest.PROMPT);
      new CompiledTables(Files.createDirectory(folder.resolve("dom0")), guest::dom0).check(List.of("APIC", "DSDT", "FACP", "FACS", "MCFG",
          "SSDT"));
      new CompiledTables(Files.createDirectory(folder.resolve(GUEST)), command -> guest.shell(GUEST, command)).check(List.of("APIC", "DSDT",
          "FACP", "FACS", "MCFG"));
      assertEquals(CONTENT.md5(0, BYTES), guest.shell(GUEST, READ), () -> guest.console(GUEST).text() + guest.events());
      assertTrue(guest.shell(GUEST, "grep nvme0q1 /proc/interrupts").contains("PCI-MSI"), guest.console(GUEST)::text);
      assertFalse(guest.dom0("ls /sys/bus/pci/drivers/nvme").contains("0000:00:01.0"));
      assertNull(guest.machine().events().get("iommu-fault"), guest::events);
      rogueReachesItsGuestOnly(guest);
      guest.xl("destroy one");
      guest.xl("pci-assignable-remove 00:01.0");
      guest.dom0(
          "echo 0000:00:01.0 > /sys/bus/pci/drivers/nvme/bind; for i in 1 2 3 4 5 6 7 8 9; do [ -e /dev/nvme0n1 ] || sleep 0.2; done");
      assertEquals(CONTENT.md5(0, BYTES), guest.dom0(READ));
      for (String kind : List.of("model-failed", "change-failed", "iommu-error")) {
        assertNull(guest.machine().events().get(kind), kind + guest.events());
      }
    }
  }
}
