// SPDX-License-Identifier: EPL-2.0
package org.xenolith.conformance.layers;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/** The layer of each bundle, by patterns on its name ({@code releng/layers.txt}). */
public final class Layers {

  /** The prefix that patterns leave out. */
  static final String PREFIX = "org.xenolith.";

  private record Rule(Pattern pattern, int layer) {}

  private final List<Rule> rules = new ArrayList<>();

  /** Reads lines of the form "L3 hw.* cpu.*"; empty ones and those that start with "#" are skipped. */
  public Layers(List<String> lines) {
    for (String line : lines) {
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      String[] words = line.strip().split("\\s+");
      if (!words[0].matches("L[0-5]")) {
        throw new IllegalArgumentException("layers.txt: expected L0 to L5, got: " + line);
      }
      for (int i = 1; i < words.length; i++) {
        rules.add(new Rule(glob(words[i]), words[0].charAt(1) - '0'));
      }
    }
  }

  /** The layer of a bundle by its full symbolic name; empty when no pattern matches. */
  public OptionalInt layerOf(String symbolicName) {
    if (!symbolicName.startsWith(PREFIX)) {
      return OptionalInt.empty();
    }
    String name = symbolicName.substring(PREFIX.length());
    return rules.stream().filter(rule -> rule.pattern().matcher(name).matches()).mapToInt(Rule::layer).findFirst();
  }

  /** The patterns that give no bundle its layer. */
  List<String> unused(List<String> bundles) {
    return rules.stream().filter(rule -> bundles.stream().map(name -> name.substring(PREFIX.length())).noneMatch(name -> rules.stream()
        .filter(other -> other.pattern().matcher(name).matches()).findFirst().orElse(null) == rule)).map(rule -> rule.pattern()
            .pattern()).toList();
  }

  private static Pattern glob(String glob) {
    return Pattern.compile(glob.replace(".", "\\.").replace("*", ".*"));
  }
}
