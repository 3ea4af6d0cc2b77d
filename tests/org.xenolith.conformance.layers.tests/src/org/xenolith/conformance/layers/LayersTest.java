// SPDX-License-Identifier: EPL-2.0
package org.xenolith.conformance.layers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The built bundles keep to the map. */
class LayersTest {

  private final Layers layers = Layers.ofCheckout();

  @Test
  void everyBuiltBundleKeepsToTheLayers() {
    List<BuiltBundle> bundles = Checkout.bundles();
    assertTrue(bundles.size() > 5, "only these bundles are built: " + bundles);
    SortedMap<String, String> found = new TreeMap<>();
    LayerRules.violations(layers, bundles).forEach(violation -> found.put(violation.replaceAll(": .*", ""), violation));
    assertEquals("", NotYet.complaints("layers", found));
  }

  @Test
  void everyBundleIsNamedAsItsFolder() {
    List<String> differing = new ArrayList<>();
    for (BuiltBundle bundle : Checkout.bundles()) {
      String folder = bundle.jar().getParent().getParent().getFileName().toString();
      if (!folder.equals(bundle.name())) {
        differing.add(bundle.name() + " lies in bundles/" + folder);
      }
    }
    assertEquals("", String.join("\n", differing));
  }

  /** A contract that is not on the shared build path gives its users a compile error that is hard to read. */
  @Test
  void everyBaseAndContractBundleIsOnTheProvidersBuildPath() throws IOException {
    String buildPath = Files.readString(Checkout.root().resolve("releng/device.bnd"));
    String absent = Checkout.bundles().stream().map(BuiltBundle::name)
        .filter(name -> layers.layerOf(name).orElseThrow() <= 1)
        .filter(name -> !buildPath.matches("(?s).*\\Q" + name + "\\E[,\\s].*"))
        .collect(Collectors.joining("\n"));
    assertEquals("", absent, "not in releng/device.bnd");
  }

  /** What {@code ./xenolith test -pl :PROVIDER} builds along with it. */
  @Test
  void aProviderThatIsTestedAloneIsBuiltWithAllBaseAndContractBundles() throws Exception {
    Process shell = new ProcessBuilder("bash", "-c", "root=$PWD; . releng/sh/tests.sh; needed_projects -pl :org.xenolith.hw.pl011; "
        + "printf %s \"${given[2]}\"").directory(Checkout.root().toFile()).redirectErrorStream(true).start();
    String said = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, shell.waitFor(), said);
    String all = Checkout.bundles().stream().map(BuiltBundle::name).filter(name -> layers.layerOf(name).orElseThrow() <= 1).sorted()
        .map(name -> ":" + name).collect(Collectors.joining(","));
    List<String> chosen = new ArrayList<>(List.of(said.split(",")));
    assertEquals(":org.xenolith.hw.pl011", chosen.removeLast());
    assertEquals(all, chosen.stream().sorted().collect(Collectors.joining(",")));
  }

  @Test
  void contractsFeatureHoldsExactlyBaseAndContracts() throws IOException {
    String feature = Files.readString(
        Checkout.root().resolve("features/org.xenolith.contracts.feature/feature.xml"));
    List<String> listed = Pattern.compile("<plugin\\s+id=\"([^\"]+)\"").matcher(feature).results()
        .map(match -> match.group(1)).sorted().toList();
    List<String> contracts = Checkout.bundles().stream().map(BuiltBundle::name)
        .filter(name -> layers.layerOf(name).orElseThrow() <= 1).sorted().toList();
    assertEquals(contracts, listed);
  }

  @Test
  void providersAreThreeLinesAndTheirSources() throws IOException {
    List<String> fat = new ArrayList<>();
    for (Path folder : Checkout.bundleFolders()) {
      String name = folder.getFileName().toString();
      if (layers.layerOf(name).orElseThrow() == 3 && !Files.exists(folder.resolve("pde.bnd")) && !isBoard(folder)) {
        fat.add(name + " has no pde.bnd");
      }
      for (String file : List.of("pom.xml", "plugin.xml")) {
        if (layers.layerOf(name).orElseThrow() == 3 && Files.exists(folder.resolve(file))) {
          fat.add(name + " has a " + file);
        }
      }
    }
    assertEquals("", String.join("\n", fat));
  }

  /** A bundle that is a board has a manifest and a file, and no sources. */
  private static boolean isBoard(Path folder) throws IOException {
    Path manifest = folder.resolve("META-INF/MANIFEST.MF");
    return Files.exists(manifest) && Files.readString(manifest).contains("xenolith.board;file=") && Files.notExists(folder.resolve("src"));
  }

  /** Who opens a bundle's folder is told what it is. */
  @Test
  void everyBundleHasAReadme() throws IOException {
    List<String> wrong = new ArrayList<>();
    for (Path folder : Checkout.bundleFolders()) {
      Path readme = folder.resolve("README.md");
      String text = Files.exists(readme) ? Files.readString(readme) : "";
      if (!text.startsWith("# ")) {
        wrong.add(folder.getFileName() + " has no README.md that begins with a heading");
      }
    }
    assertEquals("", String.join("\n", wrong));
  }

  /** A folder that people open says what is in it. */
  @Test
  void everyFolderOfProjectsHasAReadme() throws IOException {
    List<String> without = new ArrayList<>();
    for (String parent : List.of("bundles", "tests", "releng", "features", "product", "product-ui", "target-platform")) {
      List<Path> folders = new ArrayList<>(List.of(Checkout.root().resolve(parent)));
      if (!parent.startsWith("product") && !parent.equals("target-platform")) {
        try (var children = Files.list(folders.getFirst())) {
          children.filter(Files::isDirectory).filter(folder -> !folder.getFileName().toString().matches("target|bin")).forEach(
              folders::add);
        }
      }
      folders.stream().filter(folder -> !Files.exists(folder.resolve("README.md"))).map(folder -> Checkout.root().relativize(folder)
          .toString()).sorted().forEach(without::add);
    }
    assertEquals("", String.join("\n", without));
  }

  @Test
  void everyPatternOfLayersIsOfABundle() {
    SortedMap<String, String> unused = new TreeMap<>();
    layers.unused(Checkout.bundleFolders().stream().map(folder -> folder.getFileName().toString()).toList())
        .forEach(pattern -> unused.put(pattern, "releng/layers.txt: no bundle for the pattern " + pattern));
    assertEquals("", NotYet.complaints("pattern", unused));
  }

  /** Names on the shared build path, and in the README's picture, that no bundle has. */
  @Test
  void noNameOfABundleIsStale() throws IOException {
    List<String> names = Checkout.bundleFolders().stream().map(folder -> folder.getFileName().toString()).toList();
    String picture = Files.readString(Checkout.root().resolve("README.md")).split("```", 3)[1];
    List<String> stale = new ArrayList<>();
    // The names of the build path; those with an asterisk are of packages.
    Pattern.compile("org\\.xenolith\\.[a-z0-9.]++(?!\\*)").matcher(Files.readString(Checkout.root().resolve("releng/device.bnd"))).results()
        .filter(name -> !names.contains(name.group())).forEach(name -> stale.add("releng/device.bnd: " + name.group()));
    Pattern.compile("[a-z0-9]+\\.[a-z0-9.]+").matcher(picture).results().map(name -> "org.xenolith." + name.group())
        .filter(name -> !names.contains(name)).forEach(name -> stale.add("README.md: " + name));
    assertEquals(List.of(), stale);
  }
}
