// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hypervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.xenolith.boot.api.GuestRequest;
import org.xenolith.boot.api.GuestSource;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.testkit.Lane;

/**
 * Dom0 on APM's Mustang, whose firmware holds seven of eight CPUs in a spin table: the hypervisor takes all eight, and Dom0 has a virtual
 * CPU for each.
 */
class MustangDom0Test {
  private static final int CPUS = 8;
  private static final String UART = "/soc/serial@1c020000";

  @TestFactory
  List<DynamicTest> allEightCpusOfMustangAreDom0s() {
    return Lane.onlyFull(DynamicTest.dynamicTest("Mustang", MustangDom0Test::eight));
  }

  private static void eight() {
    GuestSource debian = InstalledProduct.get().services(GuestSource.class).stream().filter(s -> s.name().equals("debian")).findFirst()
        .orElseThrow();
    Path tree = debian.obtain(System.out::println, GuestRequest.PLAIN).deviceTrees().orElseThrow().resolve("apm/apm-mustang.dtb");
    try (HypervisorGuest guest = HypervisorGuest.launch(RequestBuilder.of(tree.toString()).memory(768L << 20).guest("debian")
        .append("console=ttyS0 quiet cryptomgr.notests xl.shell").hypervisor(true).build(), UART)) {
      guest.runUntil(guest.board(), HypervisorGuest.PROMPT, 0);
      String log = guest.dom0("dmesg | grep -E 'Booted secondary|Brought up|Total of'");
      assertTrue(log.contains("smp: Brought up 1 node, " + CPUS + " CPUs") && log.contains("SMP: Total of " + CPUS
          + " processors activated."), log);
      assertEquals("psci", guest.dom0("tr -d '\\0' </proc/device-tree/cpus/cpu@0/enable-method"), "Dom0's own are the hypervisor's");
      String list = guest.xl("vcpu-list Domain-0");
      for (int cpu = 0; cpu < CPUS; cpu++) {
        String ran = guest.dom0("busybox taskset " + Integer.toHexString(1 << cpu) + " sh -c 'read -r a </proc/self/stat; set -- $a; eval"
            + " echo on \\${39}'");
        assertEquals("on " + cpu, ran);
      }
      assertEquals(CPUS, list.lines().filter(line -> line.startsWith("Domain-0")).count(), list);
      assertTrue(guest.xl("info").matches("(?s).*nr_cpus\\s*:\\s*" + CPUS + "\\n.*"), guest.xl("info"));
      assertTrue(guest.xl("info").matches("(?s).*machine\\s*:\\s*aarch64\n.*"), guest.xl("info"));
      for (String kind : List.of("model-failed", "model-refused")) {
        assertNull(guest.machine().events().get(kind), guest.events());
      }
    }
  }
}
