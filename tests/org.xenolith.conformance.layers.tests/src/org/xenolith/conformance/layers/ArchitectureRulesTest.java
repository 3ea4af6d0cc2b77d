// SPDX-License-Identifier: EPL-2.0
package org.xenolith.conformance.layers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Neutral bundles know no architecture (docs/adr/0017-keep-architectures-behind-the-processor.md). */
class ArchitectureRulesTest {
  private final Layers layers = Layers.ofCheckout();

  @Test
  void noNeutralBundleImportsWhatIsOfOneArchitecture() {
    assertEquals("", String.join("\n", ArchitectureRules.imports(layers, Checkout.bundles())));
  }

  @Test
  void noNeutralBundleHasWordsOfOneArchitecture() throws IOException {
    List<String> found = new ArrayList<>();
    int neutral = 0;
    for (Path folder : Checkout.bundleFolders()) {
      String name = folder.getFileName().toString();
      Path sources = folder.resolve("src/main/java");
      if (layers.isNeutral(name) && Files.isDirectory(sources)) {
        neutral++;
        ArchitectureRules.words(sources).forEach(line -> found.add(name + ": " + line));
      }
    }
    assertEquals("", String.join("\n", found));
    assertTrue(neutral > 40, neutral + " bundles");
  }

  @Test
  void wordsOfAnArchitectureAreFound(@TempDir Path folder) throws IOException {
    Files.writeString(folder.resolve("A.java"),
        "class A { // the CPU's MPIDR_EL1\n  int level; // EL2\n  // SMCcc is none\n  int cr3; // CR3\n}\n");
    assertEquals(List.of("A.java:1: MPIDR_EL1", "A.java:2: EL2", "A.java:4: CR3"), ArchitectureRules.words(folder));
  }

  @Test
  void bundlesSayWhatTheyAre() {
    Layers some = new Layers(List.of("L2 machine", "L3 hw.*", "neutral machine hw.nvme", "arch hw.gic*"));
    assertTrue(some.isNeutral("org.xenolith.hw.nvme") && !some.isNeutral("org.xenolith.hw.gicv3"));
    assertTrue(some.isOfAnArchitecture("org.xenolith.hw.gicv3") && !some.isOfAnArchitecture("org.xenolith.machine"));
    assertEquals(List.of("arch hw\\.gic.*"), some.unused(List.of("org.xenolith.machine", "org.xenolith.hw.nvme")));
  }
}
