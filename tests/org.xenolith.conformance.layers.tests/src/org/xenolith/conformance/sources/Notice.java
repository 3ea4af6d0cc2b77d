// SPDX-License-Identifier: EPL-2.0
package org.xenolith.conformance.sources;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** The table of {@code NOTICE.md}: parts from elsewhere, their licences, and where they are contained. */
final class Notice {
  private static final Pattern ROW = Pattern.compile("(?m)^\\| `([^`]+)` \\| ([^|]+) \\| ([^|]+) \\|");
  private static final Pattern LOCATION = Pattern.compile("(?s)<location[^>]*label=\"([^\"]+)\"(.*?)</location>");
  private static final Pattern DEPENDENCY = Pattern.compile(
      "(?s)<dependency>\\s*<groupId>([^<]+)</groupId>\\s*<artifactId>([^<]+)</artifactId>");

  /** A row: coordinates with {@code *}, licence, places. */
  record Row(String coordinates, String licence, Set<String> places) {
    boolean covers(Part part) {
      return Pattern.matches(coordinates.replace(".", "\\.").replace("*", ".*"), part.coordinates) && places.contains(part.place);
    }
  }

  /** A third-party jar that the target platform puts somewhere. */
  record Part(String coordinates, String place) {}

  private Notice() {}

  static List<Row> rows(String page) {
    return ROW.matcher(page).results().map(row -> new Row(row.group(1), row.group(2).strip(), Set.of(row.group(3).strip().split(", "))))
        .toList();
  }

  /** What is contained in the SDK and the products, by the target platform. */
  static List<Part> parts(Path root) throws IOException {
    Set<String> seen = new TreeSet<>();
    List<Part> parts = new ArrayList<>();
    for (String target : List.of("xenolith", "workbench")) {
      String text = Files.readString(root.resolve("target-platform/" + target + ".target"));
      for (MatchResult location : LOCATION.matcher(text).results().toList()) {
        for (MatchResult dependency : DEPENDENCY.matcher(location.group(2)).results().toList()) {
          String coordinates = dependency.group(1) + ":" + dependency.group(2);
          String place = place(target, location.group(1), coordinates);
          if (!place.isEmpty() && seen.add(coordinates + place)) {
            parts.add(new Part(coordinates, place));
          }
        }
      }
    }
    return parts;
  }

  /** The workbench holds all of the headless product. Of "build" the SDK has what tests are run with; the rest is contained nowhere. */
  private static String place(String target, String label, String coordinates) {
    return switch (label) {
      case "runtime", "page", "inside" -> "products";
      case "annotations", "sdk-tool" -> "SDK";
      case "build" -> coordinates.matches("org\\.(junit|opentest4j|apiguardian|jspecify).*") ? "SDK" : "";
      default -> target.equals("workbench") ? "workbench" : "products";
    };
  }

  /** Whether what a jar's manifest says of its licence agrees with a row. */
  static boolean agrees(String licence, String header) {
    String says = header.toLowerCase(java.util.Locale.ROOT).replaceAll("[^a-z0-9]", "");
    boolean named = false;
    for (String[] known : new String[][] {{"apache", "Apache-2.0"}, {"epl", "EPL-2.0"}, {"bsd3", "BSD-3-Clause"}, {"mit", "MIT"}}) {
      if (says.contains(known[0]) && !(known[0].equals("mit") && says.contains("apache"))) {
        named = true;
        if (licence.contains(known[1])) {
          return true;
        }
      }
    }
    return !named;
  }
}
