// SPDX-License-Identifier: EPL-2.0
package org.xenolith.profile;

import java.util.Comparator;
import org.xenolith.inspect.api.Privilege;

/**
 * Whose code it is.
 *
 * @param domain    a hypervisor's guest, or empty
 * @param privilege what it may do
 * @param level     the same in the architecture's words; empty for a kernel
 * @param space     address space of a program; empty for others
 */
record Origin(String domain, Privilege privilege, String level, String space) implements Comparable<Origin> {
  private static final Comparator<Origin> ORDER =
      Comparator.comparing(Origin::domain).thenComparing(Origin::privilege).thenComparing(Origin::level).thenComparing(Origin::space);

  @Override
  public int compareTo(Origin other) {
    return ORDER.compare(this, other);
  }

  /** Whether it is an operating system's own. */
  boolean kernel() {
    return privilege == Privilege.KERNEL;
  }

  /** For example {@code d0 kernel}. */
  String text() {
    String who = switch (privilege) {
      case USER -> "user, " + space;
      case KERNEL -> "kernel";
      case HYPERVISOR, MONITOR -> level;
    };
    return domain.isEmpty() ? who : domain + ' ' + who;
  }
}
