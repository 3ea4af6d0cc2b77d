// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.a64;

import org.xenolith.testkit.Lane;

/**
 * How many guests made of random words a test executes: {@code -Dxenolith.guests=N} says it; otherwise the full lane takes all, the default lane
 * a tenth of them, since their pages and tables are most of what the tests of engines take.
 */
public final class GuestCount {
  private static final int SHARE = 10;

  private GuestCount() {}

  /**
   * @param all guests of the full lane, at least 1
   * @return guests of this run, at least 1
   */
  public static int of(int all) {
    return of(all, 1);
  }

  /**
   * @param all guests of the full lane
   * @param least guests of any lane, of whom a test that looks for rare things needs so many
   * @return guests of this run
   */
  public static int of(int all, int least) {
    return Integer.getInteger("xenolith.guests", Math.max(least, in(Lane.full(), all)));
  }

  static int in(boolean full, int all) {
    return full ? all : Math.ceilDiv(all, SHARE);
  }
}
