// SPDX-License-Identifier: EPL-2.0
package org.xenolith.platform.loader;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.xenolith.platform.api.Finding;
import org.xenolith.platform.api.Finding.Severity;
import org.xenolith.platform.api.PlatformException;

/** Collects findings on one platform; the same one said twice counts once. */
final class Findings {
  private static final int SHOWN_ERRORS = 5;
  private static final String LINE = "line ";

  private final Set<Finding> all = new LinkedHashSet<>();
  private Map<String, Integer> lines = Map.of();

  /** Where the nodes of the platform are in its file: findings begin with the line from now on. The map may still grow. */
  void lines(Map<String, Integer> known) {
    lines = known;
  }

  void error(String node, String what, String remedy) {
    all.add(new Finding(Severity.ERROR, node, placed(node, what), remedy));
  }

  void warning(String node, String what, String remedy) {
    all.add(new Finding(Severity.WARNING, node, placed(node, what), remedy));
  }

  boolean hasErrors() {
    return all.stream().anyMatch(finding -> finding.severity() == Severity.ERROR);
  }

  private String placed(String node, String what) {
    Integer line = lines.get(node);
    return line == null || what.startsWith(LINE) ? what : LINE + line + ": " + what;
  }

  void note(String node, String what) {
    all.add(new Finding(Severity.NOTE, node, what, ""));
  }

  /** Errors first, otherwise in the order of the tree. */
  List<Finding> sorted() {
    List<Finding> sorted = new ArrayList<>(all);
    sorted.sort(Comparator.comparing(Finding::severity));
    return sorted;
  }

  /** Throws if there is an error; the message lists the first few. */
  void throwErrors(String platform) {
    List<String> errors = all.stream().filter(f -> f.severity() == Severity.ERROR)
        .map(f -> f.node() + ": " + f.what() + "; " + f.remedy()).toList();
    if (!errors.isEmpty()) {
      String more = errors.size() > SHOWN_ERRORS ? "\n  and " + (errors.size() - SHOWN_ERRORS) + " more" : "";
      throw new PlatformException(platform + " is no usable platform:\n  "
          + String.join("\n  ", errors.subList(0, Math.min(SHOWN_ERRORS, errors.size()))) + more);
    }
  }
}
