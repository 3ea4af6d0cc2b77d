// SPDX-License-Identifier: EPL-2.0
package org.xenolith.conformance.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.xenolith.conformance.api.ApiListing.ExportedPackage;

/**
 * How an exported package differs from its baseline, and the version that this asks for.
 *
 * <p>What was there and is not any more breaks users: the major number must grow. What is new needs a greater minor
 * number; but a new abstract method breaks who implements the interface, unless only we do ({@code @ProviderType}).
 */
final class ApiChange {

  private static final String PROVIDED = " @ProviderType";

  /** The least part of the version that must grow. */
  enum Grade { NONE, MINOR, MAJOR }

  private final Grade grade;
  private final List<String> lines = new ArrayList<>();
  private final String problem;

  ApiChange(String name, ExportedPackage baseline, ExportedPackage now) {
    Grade worst = Grade.NONE;
    for (String line : difference(baseline.lines(), now.lines())) {
      lines.add("- " + line);
      Grade gone = isMoreNow(line, now) ? Grade.MINOR : Grade.MAJOR;
      worst = worst.compareTo(gone) > 0 ? worst : gone;
    }
    for (String line : difference(now.lines(), baseline.lines())) {
      lines.add("+ " + line);
      Grade added = breaksImplementers(line, baseline) ? Grade.MAJOR : Grade.MINOR;
      worst = worst.compareTo(added) > 0 ? worst : added;
    }
    grade = worst;
    String needed = needed(baseline.version(), grade);
    problem = compare(now.version(), needed) >= 0 ? "" : name + " has version " + now.version() + " and needs at least "
        + needed + " (baseline " + baseline.version() + ", " + grade + " change):\n  " + String.join("\n  ", lines);
  }

  Grade grade() {
    return grade;
  }

  /** What is wrong with the version, with the changes that ask for more; "" when nothing is. */
  String problem() {
    return problem;
  }

  /** Whether a type that only we extend or implement is declared as before but for interfaces that it has besides: nobody who uses it minds. */
  private static boolean isMoreNow(String line, ExportedPackage now) {
    boolean provided = line.endsWith(PROVIDED);
    if (line.indexOf('#') >= 0 || !provided && !line.contains(" final ")) {
      return false;
    }
    String before = provided ? line.substring(0, line.length() - PROVIDED.length()) : line;
    return now.lines().stream().anyMatch(other -> other.startsWith(before + " ") && other.endsWith(PROVIDED) == provided);
  }

  private static boolean breaksImplementers(String line, ExportedPackage baseline) {
    int member = line.indexOf('#');
    if (member < 0 || !line.substring(line.lastIndexOf(": ")).contains("abstract")) {
      return false;
    }
    String type = line.substring(0, member) + ": ";
    return baseline.lines().stream().anyMatch(old -> old.startsWith(type) && !old.endsWith("@ProviderType"));
  }

  private static Set<String> difference(Set<String> of, Set<String> without) {
    Set<String> rest = new TreeSet<>(of);
    rest.removeAll(without);
    return rest;
  }

  private static String needed(String baseline, Grade grade) {
    int[] parts = parts(baseline);
    return switch (grade) {
      case NONE -> baseline;
      case MINOR -> parts[0] + "." + (parts[1] + 1) + ".0";
      case MAJOR -> parts[0] + 1 + ".0.0";
    };
  }

  private static int compare(String a, String b) {
    return java.util.Arrays.compare(parts(a), parts(b));
  }

  private static int[] parts(String version) {
    String[] words = (version + ".0.0").split("\\.");
    return new int[] {Integer.parseInt(words[0]), Integer.parseInt(words[1]), Integer.parseInt(words[2])};
  }
}
