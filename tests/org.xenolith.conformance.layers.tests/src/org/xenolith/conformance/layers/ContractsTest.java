// SPDX-License-Identifier: EPL-2.0
package org.xenolith.conformance.layers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The built contracts are contracts, the kits kits, and no bundle uses itself by way of others. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ContractsTest {
  private static final String CONTRACT = ".api";

  private final List<BuiltBundle> bundles = Checkout.bundles();
  private BuiltClasses classes;

  @BeforeAll
  void readTheJars() {
    classes = BuiltClasses.of(bundles);
    assertTrue(classes.models().size() > 2000, "only " + classes.models().size() + " classes were read");
  }

  @Test
  void contractsHoldNoMachinery() {
    assertEquals("", NotYet.complaints("class", ContractRules.violations(classes)));
  }

  @Test
  void everyContractHasUnitTestsOfItsOwn() throws IOException {
    SortedMap<String, String> without = new TreeMap<>();
    for (Path folder : Checkout.bundleFolders()) {
      String name = folder.getFileName().toString();
      if (name.endsWith(CONTRACT) && !hasTests(folder.resolve("src/test/java"))) {
        without.put(name, name + " has no unit test in src/test/java: show what its records refuse, and what its ports do without a"
            + " provider, at a hand-over, and when they are saved and restored");
      }
    }
    assertEquals("", NotYet.complaints("tests", without));
  }

  private static boolean hasTests(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return false;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(path -> path.toString().endsWith("Test.java")).toList()) {
        if (Files.readString(file).contains("@Test")) {
          return true;
        }
      }
    }
    return false;
  }

  @Test
  void kitsHaveTheVersionOfTheRelease() throws IOException {
    Layers layers = Layers.ofCheckout();
    assertTrue(bundles.stream().anyMatch(bundle -> layers.isKit(bundle.name())), "there is no kit");
    List<BuiltBundle> all = new ArrayList<>(bundles);
    try (Stream<Path> folders = Files.list(Checkout.root().resolve("tests"))) {
      for (Path manifest : folders.map(folder -> folder.resolve("META-INF/MANIFEST.MF")).filter(Files::exists).sorted().toList()) {
        try (InputStream in = Files.newInputStream(manifest)) {
          all.add(BuiltBundle.of(manifest, new Manifest(in)));
        }
      }
    }
    SortedMap<String, String> found = new TreeMap<>();
    KitRules.violations(layers, all).forEach(violation -> found.put(violation.replaceAll(" (and|as) .*", ""), violation));
    assertEquals("", NotYet.complaints("version", found));
  }

  /** Who writes a model of a UART gets no firmware, no hypervisor and no CPU with the kit for its tests. */
  @Test
  void theTestKitForDevicesKnowsNoFirmwareNoHypervisorAndNoCpu() {
    BuiltBundle kit = bundles.stream().filter(bundle -> bundle.name().equals(Layers.PREFIX + "testkit")).findFirst().orElseThrow();
    assertTrue(kit.imports().containsKey(Layers.PREFIX + "machine.api"), () -> "imports " + kit.imports().keySet());
    assertEquals(List.of(), kit.imports().keySet().stream().filter(name -> name.matches(
        "org\\.xenolith\\.(efi|firmware|hyp|xen|cpu|a64|x64|inspect)\\..*")).sorted().toList(),
        "what needs these is in testkit.efi, testkit.hyp, testkit.a64, testkit.x64 or testkit.inspect");
  }

  @Test
  void theGraphOfBundlesHasNoCircle() {
    BundleGraph graph = BundleGraph.of(bundles, classes);
    assertTrue(graph.size() > 400, "only " + graph.size() + " uses were seen");
    assertEquals("", graph.circle());
  }
}
