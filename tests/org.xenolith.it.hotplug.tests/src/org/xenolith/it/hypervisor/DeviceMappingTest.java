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
import org.xenolith.cpu.arch.Cpu;
import org.xenolith.cpu.arch.SysReg;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.DomainsPort;
import org.xenolith.hyp.api.HypervisorTracePort;
import org.xenolith.hyp.api.HypervisorTracePort.Kind;
import org.xenolith.hyp.api.P2mPort;
import org.xenolith.hyp.api.PageType;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.testkit.Lane;
import org.xenolith.xen.abi.HypercallNumber;
import org.xenolith.xen.abi.MemoryOp;

/**
 * What was argued about when Dom0 by ACPI was designed for Xen on Arm: a device of its that is told to write to a window which no CPU has
 * touched. If windows are mapped when they are accessed first its SMMU stops the write; if Linux asked for them when it found the device,
 * or if all are mapped ahead, the write arrives at the window. There the machine's bus ends it, because registers answer no bus master.
 */
class DeviceMappingTest {
  /** Data abort from below (Arm ARM, ESR_EL2). */
  private static final int DATA_ABORT = 0x24;
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

  private long aborts;
  private long batches;

  @TestFactory
  List<DynamicTest> aDeviceReachesWindowsThatAreMapped() {
    List<DynamicTest> tests = new ArrayList<>();
    for (String ways : List.of("trap", "batch", "prefault")) {
      tests.add(DynamicTest.dynamicTest(ways, () -> reach(ways)));
    }
    return Lane.onlyFull(tests.toArray(DynamicTest[]::new));
  }

  private void reach(String ways) {
    aborts = 0;
    batches = 0;
    try (HypervisorGuest guest = HypervisorGuest.launch(RequestBuilder.of("virt").boardOption("gic", "3").cpus(1).memory(1L << 30).guest(
        "debian").append("quiet cryptomgr.notests xl.shell iomem=relaxed").hypervisor(true).option("firmware", "acpi").boardOption("iommu",
            "smmuv3").option("pci", "1.0=rogue").settings(List.of("/xenolith-hypervisor:acpi-mmio=" + ways)).build())) {
      count(guest);
      guest.runUntil(guest.board(), HypervisorGuest.PROMPT, 0);
      System.out.println(ways + ": " + aborts + " pages mapped by accesses, " + batches + " batches");
      assertEquals(ways.equals("prefault"), aborts == 0, "pages mapped by accesses: " + aborts);
      FUNCTIONS.forEach(guest::typeAtBoard);
      Domain dom0 = guest.domain("Domain-0");
      boolean trapped = ways.equals("trap");
      assertEquals(trapped ? PageType.NONE : PageType.DEVICE, Counters.port(guest.machine(), P2mPort.class).type(dom0, WINDOW >>> 12));
      assertTrue(batches > 0, "Linux asks for the windows of devices that it finds, whatever becomes of that");
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

  /** Not the interrupt controller and configuration space, whose accesses are always trapped. */
  private static boolean isDevice(long address) {
    return address < 0x0800_0000L || address >= 0x0900_0000L && address < 0x4000_0000L;
  }

  private void count(HypervisorGuest guest) {
    Cpu cpu = Counters.port(guest.machine(), DomainsPort.class).domains().processors().getFirst().as(Cpu.class);
    Counters.port(guest.machine(), HypervisorTracePort.class).listen((kind, vcpu, a, b, c) -> {
      if (kind == Kind.TRAP && a == DATA_ABORT && isDevice((cpu.sys[SysReg.HPFAR_EL2.ordinal()] & ~0xFL) << 8)) {
        aborts++;
      } else if (kind == Kind.HYPERCALL && a == HypercallNumber.__HYPERVISOR_memory_op && b == MemoryOp.XENMEM_add_to_physmap_batch) {
        batches++;
      }
    });
  }
}
