// SPDX-License-Identifier: EPL-2.0
package org.xenolith.conformance.layers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Neutral bundles know no architecture (docs/adr/0017-keep-architectures-behind-the-processor.md). */
class ArchitectureRulesTest {
  private final Layers layers = Layers.ofCheckout();

  @Test
  void everyBundleIsSaidToBeOneThing() throws IOException {
    List<String> names = Checkout.bundleFolders().stream().map(folder -> folder.getFileName().toString()).toList();
    assertTrue(names.size() > 200, names::toString);
    assertEquals("", String.join("\n", ArchitectureRules.unclear(layers, names)));
  }

  @Test
  void noBundleImportsWhatIsNotForItsKind() {
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
        Set<String> known = new TreeSet<>(layers.said(name));
        ArchitectureRules.words(sources, known).forEach(line -> found.add(name + ": " + line));
        known.forEach(word -> found.add(name + " hasn't the word " + word + " any more: take it out of releng/layers.txt"));
      }
    }
    assertEquals("", String.join("\n", found));
    assertTrue(neutral > 110, neutral + " bundles");
  }

  @Test
  void wordsOfAnArchitectureAreFound(@TempDir Path folder) throws IOException {
    Files.writeString(folder.resolve("A.java"),
        "class A { // the CPU's MPIDR_EL1\n  int level; // EL2\n  // SMCc is none\n  int gic; // CR3\n  boolean el2;\n}\n");
    Set<String> known = new TreeSet<>(Set.of("el2", "hvc"));
    assertEquals(List.of("A.java:1: MPIDR_EL1", "A.java:4: gic", "A.java:4: CR3"), ArchitectureRules.words(folder, known));
    assertEquals(Set.of("hvc"), known);
  }

  @Test
  void bundlesSayWhatTheyAre() {
    Layers some = new Layers(List.of("L2 machine", "L3 hw.*", "neutral machine hw.nvme", "a64 hw.gic*", "x64 hw.lapic hw.gicv4",
        "both hw.all", "says hw.nvme gic el2"));
    String nvme = "org.xenolith.hw.nvme";
    String gic = "org.xenolith.hw.gicv3";
    String apic = "org.xenolith.hw.lapic";
    String all = "org.xenolith.hw.all";
    assertTrue(some.isNeutral(nvme) && !some.isNeutral(gic));
    assertTrue(some.forbids(nvme, gic) && some.forbids(gic, apic) && some.forbids(apic, gic));
    assertTrue(!some.forbids(gic, nvme) && !some.forbids(gic, gic) && !some.forbids(all, gic) && !some.forbids(nvme, all));
    assertEquals(Set.of("gic", "el2"), some.said(nvme));
    assertEquals(List.of("a64 hw\\.gic.*", "both hw\\.all", "x64 hw\\.lapic", "x64 hw\\.gicv4"), some.unused(List.of("org.xenolith.machine",
        nvme)));
    assertEquals(List.of("org.xenolith.hw.gicv4", "org.xenolith.hw.none"), ArchitectureRules.unclear(some, List.of(nvme, gic, all,
        "org.xenolith.hw.gicv4", "org.xenolith.hw.none")).stream().map(line -> line.substring(0, line.indexOf(' '))).toList());
  }
}
