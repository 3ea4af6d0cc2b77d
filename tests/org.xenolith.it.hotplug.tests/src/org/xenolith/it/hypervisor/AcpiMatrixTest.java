// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hypervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.xenolith.testkit.Lane;

/**
 * Debian as Dom0 by ACPI on each interrupt controller, with one to eight CPUs, for each way of mapping windows, and with each of the
 * variants that were proposed for Xen. What each costs goes to {@code target/acpi-matrix.md}, a row a boot.
 */
class AcpiMatrixTest {
  private static final List<String> WAYS = List.of("batch", "trap", "prefault");
  /** Each switch, and what Linux has against it. */
  private static final Map<String, List<String>> SWITCHES = new TreeMap<>(Map.of("acpi-mask-el2-timer=true", List.of(
      "[Firmware Bug]: Illegal GSI0 translation request"), "acpi-hypervisor-id=true", List.of(), "acpi-xenv=true", List.of(),
      "acpi-hide=\\_SB.PWR0", List.of()));
  private static final String HEAD = "| GIC | CPUs | windows | switch | pages mapped by accesses | requests for windows | hypercalls |\n"
      + "|--:|--:|---|---|--:|--:|--:|\n";

  private final Path page = Path.of("target/acpi-matrix.md");

  @TestFactory
  List<DynamicTest> everyMachineBootsInEveryWay() throws IOException {
    List<DynamicTest> tests = new ArrayList<>();
    for (int gic : new int[] {2, 3}) {
      for (int cpus : new int[] {1, 2, 4, 8}) {
        WAYS.forEach(ways -> tests.add(test(gic, cpus, ways, "", List.of())));
      }
      SWITCHES.forEach((word, complaints) -> tests.add(test(gic, 2, "batch", word, gic == 2 ? complaints : complaints.stream().map(
          line -> "GICv3: " + line).toList())));
    }
    if (Lane.full()) {
      Files.createDirectories(page.getParent());
      Files.writeString(page, HEAD);
    }
    return Lane.onlyFull(tests.toArray(DynamicTest[]::new));
  }

  private DynamicTest test(int gic, int cpus, String ways, String word, List<String> complaints) {
    return DynamicTest.dynamicTest("GICv" + gic + ", " + cpus + " CPUs, " + ways + (word.isEmpty() ? "" : ", " + word), () -> boot(gic,
        cpus,
        ways, word, complaints));
  }

  private void boot(int gic, int cpus, String ways, String word, List<String> complaints) throws IOException {
    List<String> settings = new ArrayList<>(List.of("acpi-mmio=" + ways));
    if (!word.isEmpty()) {
      settings.add(word);
    }
    HypervisorGuest launched = HypervisorGuest.launch(AcpiDom0Test.dom0(gic, cpus, settings.toArray(String[]::new)).build());
    MappingCounts counts = new MappingCounts(launched);
    try (HypervisorGuest guest = AcpiDom0Test.booted(launched, cpus, complaints)) {
      assertEquals(ways.equals("prefault"), counts.accesses() == 0, counts.accesses() + " pages mapped by accesses");
      assertTrue(counts.batches() > 0, "Linux asks for the windows of devices that it finds");
      Files.writeString(page, "| %d | %d | %s | %s | %d | %d | %d |\n".formatted(gic, cpus, ways, word.isEmpty() ? "" : "`" + word + "`",
          counts.accesses(), counts.batches(), counts.hypercalls()), StandardOpenOption.APPEND);
    }
  }
}
