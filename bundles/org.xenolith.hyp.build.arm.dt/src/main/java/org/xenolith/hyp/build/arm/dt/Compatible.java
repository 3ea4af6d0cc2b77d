// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.build.arm.dt;

import java.util.List;
import java.util.function.Predicate;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;

/** Looks at {@code compatible}; one that isn't a list of strings fits nothing. */
final class Compatible {
  private Compatible() {}

  static List<String> of(FdtNode node) {
    return node.property("compatible").filter(FdtProperty::looksLikeStrings).map(FdtProperty::strings)
        .orElse(List.of());
  }

  static boolean any(FdtNode node, Predicate<String> wanted) {
    return of(node).stream().anyMatch(wanted);
  }
}
