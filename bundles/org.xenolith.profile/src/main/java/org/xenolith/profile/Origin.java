// SPDX-License-Identifier: EPL-2.0
package org.xenolith.profile;

import java.util.Comparator;

/**
 * Whose code it is.
 *
 * @param domain a hypervisor's guest, or empty
 * @param level  exception level
 * @param asid   address space of EL0; 0 for others
 */
record Origin(String domain, int level, int asid) implements Comparable<Origin> {
  private static final Comparator<Origin> ORDER =
      Comparator.comparing(Origin::domain).thenComparing(Origin::level).thenComparing(Origin::asid);

  @Override
  public int compareTo(Origin other) {
    return ORDER.compare(this, other);
  }

  /** For example {@code d0 kernel}. */
  String text() {
    String who = switch (level) {
      case 0 -> "user, ASID " + asid;
      case 1 -> "kernel";
      default -> "EL" + level;
    };
    return domain.isEmpty() ? who : domain + ' ' + who;
  }
}
