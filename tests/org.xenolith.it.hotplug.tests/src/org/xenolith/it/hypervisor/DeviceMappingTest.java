// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hypervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.P2mPort;
import org.xenolith.hyp.api.PageType;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.testkit.Lane;

/**
 * What was argued about when Dom0 by ACPI was designed for Xen on Arm: a device of its that is told to write to a window which no CPU has
 * touched. If windows are mapped when they are accessed first its SMMU stops the write; if Linux asked for them when it found the device,
 * or if all are mapped ahead, the write arrives at the window. There the machine's bus ends it, because registers answer no bus master.
 */
class DeviceMappingTest {
  /** A register page of virtio's transports that no driver has looked at: the guest has no module for it loaded. */
  private static final long WINDOW = 0x0a00_0000L;
  private static final String ROGUE = "/sys/bus/pci/devices/0000:00:01.0/";
  private static final List<String> FUNCTIONS = List.of(
      "echo 1 > " + ROGUE + "enable; printf '\\006\\000' | dd of=" + ROGUE + "config bs=1 seek=4 conv=notrunc 2>/dev/null",
      "ba=$(head -n1 " + ROGUE + "resource | cut -d' ' -f1)",
      "t() { devmem $ba 64 $2; devmem $((ba+8)) 64 $3; devmem $((ba+16)) 32 $1; devmem $((ba+20)) 32; }");
  private static final String WRITE32 = "0x402";
  private static final String REFUSED = "0x00000002";
  private static final String SMMU = "/smmuv3@9050000";
  private static final String BUS = "bus";

  @TestFactory
  List<DynamicTest> aDeviceReachesWindowsThatAreMapped() {
    List<DynamicTest> tests = new ArrayList<>();
    for (String ways : List.of("trap", "batch", "prefault")) {
      tests.add(DynamicTest.dynamicTest(ways, () -> reach(ways)));
    }
    return Lane.onlyFull(tests.toArray(DynamicTest[]::new));
  }

  private void reach(String ways) {
    try (HypervisorGuest guest = HypervisorGuest.launch(RequestBuilder.of("virt").boardOption("gic", "3").cpus(1).memory(1L << 30).guest(
        "debian").append("quiet cryptomgr.notests xl.shell iomem=relaxed").hypervisor(true).option("firmware", "acpi").boardOption("iommu",
            "smmuv3").option("pci", "1.0=rogue").settings(List.of("/xenolith-hypervisor:acpi-mmio=" + ways)).build())) {
      MappingCounts counts = new MappingCounts(guest);
      guest.runUntil(guest.board(), HypervisorGuest.PROMPT, 0);
      assertEquals(ways.equals("prefault"), counts.accesses() == 0, "pages mapped by accesses: " + counts.accesses());
      FUNCTIONS.forEach(guest::typeAtBoard);
      Domain dom0 = guest.domain("Domain-0");
      boolean trapped = ways.equals("trap");
      assertEquals(trapped ? PageType.NONE : PageType.DEVICE, Counters.port(guest.machine(), P2mPort.class).type(dom0, WINDOW >>> 12));
      assertTrue(counts.batches() > 0, "Linux asks for the windows of devices that it finds, whatever becomes of that");
      assertEquals(trapped ? SMMU : BUS, write(guest));
      assertEquals(trapped, guest.machine().events().containsKey("iommu-fault"), guest.events());
      assertEquals("0x74726976", guest.dom0("devmem 0x" + Long.toHexString(WINDOW) + " 32"), "a CPU reads it");
      assertEquals(BUS, write(guest), "from then on it is there");
      assertNull(guest.machine().events().get("guest-abort"), guest.events());
    }
  }

  /** Has the device write to the window. @return who stopped it */
  private static String write(HypervisorGuest guest) {
    int from = guest.events().length();
    assertEquals(REFUSED, guest.dom0("t " + WRITE32 + " 0x" + Long.toHexString(WINDOW + 0x50) + " 1"));
    Matcher stopped = Pattern.compile("refused-dma (\\S+): .*0x" + Long.toHexString(WINDOW + 0x50)).matcher(guest.events().substring(from));
    assertTrue(stopped.find(), guest.events());
    return stopped.group(1);
  }
}
