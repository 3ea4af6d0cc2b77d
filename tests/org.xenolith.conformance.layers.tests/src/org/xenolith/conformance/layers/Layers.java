// SPDX-License-Identifier: EPL-2.0
package org.xenolith.conformance.layers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** The layer of each bundle, by patterns on its name ({@code releng/layers.txt}). */
public final class Layers {

  /** The prefix that patterns leave out. */
  static final String PREFIX = "org.xenolith.";

  private record Rule(Pattern pattern, int layer) {}

  private static final String KIT = "kit";
  private static final String NEUTRAL = "neutral";
  private static final String A64 = "a64";
  private static final String X64 = "x64";
  private static final String BOTH = "both";
  private static final String HOST = "host";
  private static final String SAYS = "says";
  private static final List<String> ARCHITECTURES = List.of(NEUTRAL, A64, X64, BOTH, HOST);

  private final List<Rule> rules = new ArrayList<>();
  /** Patterns of bundles by what else they are. */
  private final Map<String, List<Pattern>> kinds = new TreeMap<>(Map.of(KIT, new ArrayList<>(), NEUTRAL, new ArrayList<>(), A64,
      new ArrayList<>(), X64, new ArrayList<>(), BOTH, new ArrayList<>(), HOST, new ArrayList<>()));
  /** Words that neutral bundles still have, by their full names. */
  private final Map<String, Set<String>> says = new TreeMap<>();

  /**
   * Reads lines of the form "L3 hw.* cpu.*", "kit *.kit", "neutral machine", "a64 hw.gic*", "x64 x64.*", "both testkit", "host hostcode.kit" or "says cli gic"; empty ones and those that
   * start with "#" are skipped.
   */
  public Layers(List<String> lines) {
    for (String line : lines) {
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      String[] words = line.strip().split("\\s+");
      if (kinds.containsKey(words[0])) {
        List.of(words).subList(1, words.length).forEach(word -> kinds.get(words[0]).add(glob(word)));
        continue;
      }
      if (words[0].equals(SAYS)) {
        says.computeIfAbsent(PREFIX + words[1], name -> new TreeSet<>()).addAll(List.of(words).subList(2, words.length));
        continue;
      }
      if (!words[0].matches("L[0-5]")) {
        throw new IllegalArgumentException("layers.txt: expected L0 to L5, kit, neutral, a64, x64, both, host or says, got: " + line);
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

  /** What the checkout's {@code releng/layers.txt} says. */
  public static Layers ofCheckout() {
    try {
      return new Layers(Files.readAllLines(Checkout.root().resolve("releng/layers.txt")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether a bundle is a kit: exported for who implements contracts, and promised to nobody. */
  public boolean isKit(String symbolicName) {
    return is(KIT, symbolicName);
  }

  /** Whether a bundle serves every architecture. */
  boolean isNeutral(String symbolicName) {
    return is(NEUTRAL, symbolicName);
  }

  /** What a bundle has to do with architectures, as lines say: nothing, or more than one thing, is an error of those. */
  List<String> architectures(String symbolicName) {
    return ARCHITECTURES.stream().filter(kind -> is(kind, symbolicName)).toList();
  }

  /** Whether a bundle of one kind may not import one of another: neutral ones nothing of an architecture's, and those of one nothing of the other's. */
  boolean forbids(String from, String to) {
    return is(NEUTRAL, from) && (is(A64, to) || is(X64, to) || is(HOST, to)) || areOfTwo(from, to);
  }

  /** Whether two bundles are each of another architecture, and each of no other. */
  public boolean areOfTwo(String one, String other) {
    return is(A64, one) && is(X64, other) || is(X64, one) && is(A64, other);
  }

  /** The words of one architecture, in small letters, that a neutral bundle is known to have still. */
  Set<String> said(String symbolicName) {
    return says.getOrDefault(symbolicName, Set.of());
  }

  private boolean is(String kind, String symbolicName) {
    return symbolicName.startsWith(PREFIX)
        && kinds.get(kind).stream().anyMatch(pattern -> pattern.matcher(symbolicName.substring(PREFIX.length())).matches());
  }

  /** The patterns that give no bundle its layer, and those of what else bundles are that no bundle is. */
  List<String> unused(List<String> bundles) {
    List<String> names = bundles.stream().map(name -> name.substring(PREFIX.length())).toList();
    List<String> unused = new ArrayList<>();
    for (Rule rule : rules) {
      if (names.stream().noneMatch(name -> rules.stream().filter(other -> other.pattern().matcher(name).matches()).findFirst().orElse(
          null) == rule)) {
        unused.add("L" + rule.layer() + " " + rule.pattern());
      }
    }
    kinds.forEach((kind, patterns) -> {
      for (Pattern pattern : patterns) {
        if (names.stream().noneMatch(name -> pattern.matcher(name).matches())) {
          unused.add(kind + " " + pattern);
        }
      }
    });
    return unused;
  }

  private static Pattern glob(String glob) {
    return Pattern.compile(glob.replace(".", "\\.").replace("*", ".*"));
  }
}
