package org.xenolith.it.hypervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.launch.api.LaunchRequest;

/** The tiny guest as Dom0 tells of PCI by every call that there is: Linux on Arm, which is described by a tree, makes few of them. */
class PhysdevGuestTest {
  private static final String HYPERVISOR = "/xenolith-hypervisor:";
  private static final String NOTHING = "bar = ffffffffffffffff";
  private static final String WRITTEN = "bar = 1234000000005678";

  /** What it prints of calls and BARs. */
  private static List<String> answers(String... settings) {
    try (HypervisorGuest guest = HypervisorGuest.launch(LaunchRequest.of("virt").gic(3).memory(512L << 20).guest("tiny").append("xl.physdev")
        .hypervisor(true).option("iommu", "smmuv3").option("pci", "2.0=rogue").settings(List.of(settings)).build())) {
      guest.runUntil(guest.board(), "XENOLITH-DONE", 0);
      List<String> answers = new ArrayList<>();
      for (String line : guest.board().text().split("\n")) {
        if (line.contains(" = ")) {
          answers.add(line.replace("0000000", "").strip());
        }
      }
      return answers;
    }
  }

  @Test void bridgesAndFunctionsAreToldOfAndPagesOfBarsAreAskedFor() {
    assertEquals(List.of("physdev 080000016 = -14", "physdev 080000016 = 0", "physdev 000000018 = 0", "x"),
        answers(HYPERVISOR + "mmio=hypercall"));
  }

  @Test void strictXenKnowsThreeCalls() {
    assertEquals(List.of("x"), answers(HYPERVISOR + "strict-xen=true"));
  }
}
