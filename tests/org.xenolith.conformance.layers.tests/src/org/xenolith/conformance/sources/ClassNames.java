// SPDX-License-Identifier: EPL-2.0
package org.xenolith.conformance.sources;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.xenolith.conformance.layers.Layers;

/** Simple names of top-level classes, by which people speak of what a stack trace, a thread or a profile shows. */
final class ClassNames {
  private static final String PREFIX = "org.xenolith.";
  private static final Pattern SOURCE = Pattern.compile("bundles/org\\.xenolith\\.([^/]+)/src/main/java/.*/(\\w+)\\.java");

  /** Ends of names that say nothing: what is in such a class could be in any. */
  private static final Pattern EMPTY = Pattern.compile(".*(Utils?|Helpers?|Managers?|Impl)");

  private ClassNames() {}

  /** Whether a name says nothing. */
  static boolean isEmpty(String name) {
    return EMPTY.matcher(name).matches();
  }

  /** Names that say nothing, of all classes of bundles, each with its bundle. */
  static TreeSet<String> empty(Path root) throws IOException {
    TreeSet<String> empty = new TreeSet<>();
    for (Path file : SourceFiles.all(root.resolve("bundles"))) {
      Matcher source = SOURCE.matcher(root.relativize(file).toString());
      if (source.matches() && isEmpty(source.group(2))) {
        empty.add(source.group(1) + ": " + source.group(2));
      }
    }
    return empty;
  }

  /** Names that several bundles have, each with those; but for two that have the same place in the parts of two architectures. */
  static Map<String, TreeSet<String>> shared(Path root) throws IOException {
    Layers layers = Layers.ofCheckout();
    Map<String, TreeSet<String>> names = new TreeMap<>();
    for (Path file : SourceFiles.all(root.resolve("bundles"))) {
      Matcher source = SOURCE.matcher(root.relativize(file).toString());
      if (source.matches()) {
        names.computeIfAbsent(source.group(2), name -> new TreeSet<>()).add(source.group(1));
      }
    }
    names.values().removeIf(bundles -> bundles.size() < 2 || bundles.size() == 2 && layers.areOfTwo(PREFIX + bundles.first(), PREFIX
        + bundles
            .last()));
    return names;
  }
}
