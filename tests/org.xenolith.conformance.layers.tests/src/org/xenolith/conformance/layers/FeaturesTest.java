// SPDX-License-Identifier: EPL-2.0
package org.xenolith.conformance.layers;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Each bundle is in a feature of the p2 repository, and what features.txt names is there. */
class FeaturesTest {

  @Test
  void eachPatternHasBundlesAndEachBundleAFeature() throws IOException {
    Layers layers = Layers.ofCheckout();
    TreeSet<String> left = new TreeSet<>();
    TreeSet<String> contracts = new TreeSet<>();
    for (BuiltBundle bundle : Checkout.bundles()) {
      String name = bundle.name().substring("org.xenolith.".length());
      left.add(name);
      if (layers.layerOf(bundle.name()).orElseThrow() <= 1) {
        contracts.add(name);
      }
    }
    List<String> idle = new ArrayList<>();
    for (String line : Files.readAllLines(Checkout.root().resolve("features/features.txt"))) {
      if (line.startsWith("contracts ")) {
        left.removeAll(contracts);
      } else if (line.startsWith("  ")) {
        for (String pattern : line.strip().split(" +")) {
          Pattern names = Pattern.compile(Pattern.quote(pattern).replace("*", "\\E.*\\Q"));
          if (!left.removeIf(name -> names.matcher(name).matches())) {
            idle.add(pattern);
          }
        }
      }
    }
    assertEquals(List.of(), idle, "patterns that no bundle is left for");
    assertEquals(List.of(), List.copyOf(left), "bundles without a feature");
  }
}
