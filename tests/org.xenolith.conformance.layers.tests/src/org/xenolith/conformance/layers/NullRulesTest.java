// SPDX-License-Identifier: EPL-2.0
package org.xenolith.conformance.layers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Contracts and kits say what may be null (JSpecify), and the rule sees who doesn't. */
class NullRulesTest {

  @Test
  void contractsAndKitsSayWhatMayBeNull() throws IOException {
    Layers layers = Layers.ofCheckout();
    BuiltClasses classes = BuiltClasses.of(Checkout.bundles());
    long packages = classes.models().keySet().stream().filter(name -> name.endsWith(".package-info")).count();
    assertTrue(packages > 50, "only " + packages + " packages say anything");
    assertEquals("", String.join("\n", NullRules.violations(classes, name -> name.endsWith(".api") || layers.isKit(name)).values()));
  }

  /** Of each kind one, with no annotation. */
  static final class Unsaid {
    private String kept = "";

    String returned(boolean some) {
      return some ? kept : null;
    }

    void forget() {
      kept = null;
    }

    void pass() {
      take(1, null);
      take(1, kept);
    }

    private void take(int number, String text) {
      kept = number + text;
    }
  }

  /** None of these gives out, keeps or passes on a null that stands here. */
  static final class Sound {
    private final String kept;

    Sound(String kept) {
      this.kept = kept;
    }

    boolean missing() {
      return kept == null;
    }

    String either() {
      String found = null;
      for (String each : kept.split(" ")) {
        found = each;
      }
      return found == null ? "" : found;
    }

    Supplier<String> later() {
      return () -> null;
    }
  }

  @Test
  void aNullThatNobodySaysIsSeen() throws IOException {
    assertEquals(Set.of("org.xenolith.conformance.layers", name(Unsaid.class) + ".returned", name(Unsaid.class) + ".kept", name(
        Unsaid.class) + ".take(int,String)void"), found(Unsaid.class));
  }

  @Test
  void whatIsSoundIsLeftAlone() throws IOException {
    assertEquals(Set.of("org.xenolith.conformance.layers"), found(Sound.class));
  }

  private static String name(Class<?> type) {
    return type.getName();
  }

  private static Set<String> found(Class<?> type) throws IOException {
    BuiltClasses classes = new BuiltClasses(new TreeMap<>(), new TreeMap<>(), new TreeMap<>());
    try (InputStream code = type.getResourceAsStream(type.getName().replaceAll(".*\\.", "") + ".class")) {
      classes.add("org.xenolith.sample.api", code.readAllBytes());
    }
    return NullRules.violations(classes, bundle -> true).keySet().stream().collect(Collectors.toCollection(TreeSet::new));
  }
}
