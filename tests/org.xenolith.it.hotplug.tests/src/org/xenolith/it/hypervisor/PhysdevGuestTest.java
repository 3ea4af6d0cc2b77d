// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hypervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.launch.kit.RequestBuilder;

/** The tiny guest as Dom0 tells of PCI by every call that there is: Linux on Arm, which is described by a tree, makes few of them. */
class PhysdevGuestTest {
  private static final String HYPERVISOR = "/xenolith-hypervisor:";
  private static final String NOTHING = "bar = ffffffffffffffff";
  private static final String KEPT = "bar = 1234000000005678";

  /** What it prints of calls and BARs. */
  private static List<String> answers(String... settings) {
    try (HypervisorGuest guest = HypervisorGuest.launch(RequestBuilder.of("virt").boardOption("gic", "3").memory(512L << 20).guest("tiny")
        .append(
            "xl.physdev")
        .hypervisor(true).boardOption("iommu", "smmuv3").option("pci", "2.0=rogue").settings(List.of(settings)).build())) {
      guest.runUntil(guest.board(), "XENOLITH-DONE", 0);
      List<String> answers = new ArrayList<>();
      for (String line : guest.board().text().split("\n")) {
        if (line.contains(" = ")) {
          answers.add(line.replaceFirst(" 0+(?=[0-9a-f])", " ").strip());
        }
      }
      return answers;
    }
  }

  @Test
  void bridgesAndFunctionsAreToldOfAndPagesOfBarsAreAskedFor() {
    assertEquals(List.of("physdev 80000016 = -14", "physdev 80000016 = 0", "physdev 18 = 0", "physdev 19 = 0", "physdev 20 = 0",
        "physdev 1a = 0", "physdev 1a = -19", "physdev f = 0", "physdev 10 = 0", "physdev 14 = 0", "physdev 19 = 0",
        NOTHING, "memory 7 = 0", KEPT, "memory 7 = -22", "memory 7 = -1", "memory f = 0", NOTHING, "memory 17 = 0", KEPT),
        answers(HYPERVISOR + "mmio=hypercall"));
  }

  /** Without that policy the bridge's window is mapped from the beginning. */
  @Test
  void strictXenKnowsThreeCalls() {
    assertEquals(List.of("physdev 80000016 = -38", "physdev 80000016 = -38", "physdev 18 = -38", "physdev 19 = 0", "physdev 20 = 0",
        "physdev 1a = 0", "physdev 1a = -19", "physdev f = -38", "physdev 10 = -38", "physdev 14 = -38", "physdev 19 = 0",
        "bar = 0", "memory 7 = 0", KEPT, "memory 7 = -22", "memory 7 = 0", "memory f = -2", KEPT, "memory 17 = 0", KEPT),
        answers(HYPERVISOR + "strict-xen=true"));
  }
}
