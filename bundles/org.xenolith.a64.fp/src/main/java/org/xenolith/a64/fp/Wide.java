// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.fp;

/** Shifts that keep what they push out as a sticky bit. */
final class Wide {
  private Wide() {}

  /** Logical shift right by any distance; bit 0 of the result is set if a one was pushed out. */
  static long shiftRightJam(long x, int distance) {
    if (distance == 0) {
      return x;
    }
    return distance > 63 ? (x != 0 ? 1 : 0) : x >>> distance | sticky(x << -distance);
  }

  /** 1 unless x is 0. */
  static long sticky(long x) {
    return (x | -x) >>> 63;
  }
}
