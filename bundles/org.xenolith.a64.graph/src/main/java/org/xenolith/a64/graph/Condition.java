// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.graph;

import org.xenolith.a64.arch.Cpu;

/** Condition codes. Source: Arm ARM, ConditionHolds(). */
final class Condition {
  private Condition() {}

  static boolean holds(Cpu c, int cond) {
    return switch (cond) {
      case 0 -> c.zero == 0;
      case 1 -> c.zero != 0;
      case 2 -> c.carry != 0;
      case 3 -> c.carry == 0;
      case 4 -> c.negative < 0;
      case 5 -> c.negative >= 0;
      case 6 -> c.overflow < 0;
      case 7 -> c.overflow >= 0;
      case 8 -> c.carry != 0 && c.zero != 0;
      case 9 -> c.carry == 0 || c.zero == 0;
      case 10 -> (c.negative ^ c.overflow) >= 0;
      case 11 -> (c.negative ^ c.overflow) < 0;
      case 12 -> c.zero != 0 && (c.negative ^ c.overflow) >= 0;
      case 13 -> c.zero == 0 || (c.negative ^ c.overflow) < 0;
      default -> true;
    };
  }
}
