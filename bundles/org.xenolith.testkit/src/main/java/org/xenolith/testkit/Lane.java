// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit;

import java.util.List;
import org.junit.jupiter.api.DynamicTest;

/**
 * How much a run of the tests takes on. What takes minutes is left to the full lane, {@code ./xenolith test --full}, which says so
 * with {@code XENOLITH_LANE=full} in the environment; all else is the default lane.
 */
public final class Lane {
  /** The variable of the environment that names the lane. */
  public static final String VARIABLE = "XENOLITH_LANE";
  private static final String FULL = "full";

  private Lane() {}

  /** Whether this run is of the full lane. */
  public static boolean full() {
    return isFull(System.getenv(VARIABLE));
  }

  /**
   * For a {@code @TestFactory} whose tests are the full lane's: there they are, and in the default lane there are none, so that a run
   * has nothing to skip.
   */
  public static List<DynamicTest> onlyFull(DynamicTest... tests) {
    return onlyIf(full(), tests);
  }

  /** @param name of the lane, or null if nobody named one */
  static boolean isFull(String name) {
    return FULL.equals(name);
  }

  static List<DynamicTest> onlyIf(boolean full, DynamicTest... tests) {
    return full ? List.of(tests) : List.of();
  }
}
