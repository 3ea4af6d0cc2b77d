// SPDX-License-Identifier: EPL-2.0
package org.xenolith.platform.loader;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.xenolith.platform.api.Finding;
import org.xenolith.platform.api.Finding.Severity;
import org.xenolith.platform.api.PlatformException;

/** Collects findings on one platform; the same one said twice counts once. */
final class Findings {
  private static final int SHOWN_ERRORS = 5;

  private final Set<Finding> all = new LinkedHashSet<>();

  void error(String node, String what, String remedy) {
    all.add(new Finding(Severity.ERROR, node, what, remedy));
  }

  void warning(String node, String what, String remedy) {
    all.add(new Finding(Severity.WARNING, node, what, remedy));
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
