// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.simd;

/** Across the lanes of one half; what spans two halves combines the results. */
public final class LaneReduction {
  private LaneReduction() {}

  /** Sum of the lanes, signed or not, unbounded. */
  public static long sum(long a, int size, boolean signed) {
    if (size == 3) {
      return a;
    }
    int bits = 8 << size;
    long sum = 0;
    for (int i = 0; i < 64; i += bits) {
      sum += signed ? Lanes.signed(a >>> i, size) : Lanes.unsigned(a >>> i, size);
    }
    return sum;
  }

  /** The largest lane, extended. */
  public static long max(long a, int size, boolean signed) {
    int bits = 8 << size;
    long best = signed ? Long.MIN_VALUE : 0;
    for (int i = 0; i < 64; i += bits) {
      best = Math.max(best, signed ? Lanes.signed(a >>> i, size) : Lanes.unsigned(a >>> i, size));
    }
    return best;
  }

  /** The smallest lane, extended; size 0 to 2. */
  public static long min(long a, int size, boolean signed) {
    int bits = 8 << size;
    long best = Long.MAX_VALUE;
    for (int i = 0; i < 64; i += bits) {
      best = Math.min(best, signed ? Lanes.signed(a >>> i, size) : Lanes.unsigned(a >>> i, size));
    }
    return best;
  }

  /** SADDLP, UADDLP: sums of neighbours in lanes of twice {@code size} (0 to 2). */
  public static long pairs(long a, int size, boolean signed) {
    int bits = 8 << size;
    int wide = size + 1;
    long even = Lanes.ones(wide) * Lanes.mask(size);
    long low = a & even;
    long high = a >>> bits & even;
    if (signed) {
      long sign = Lanes.ones(wide) << bits - 1;
      low = LaneArithmetic.sub(low ^ sign, sign, wide);
      high = LaneArithmetic.sub(high ^ sign, sign, wide);
    }
    return LaneArithmetic.add(low, high, wide);
  }
}
