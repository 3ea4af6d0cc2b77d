// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.fp;

/**
 * RCPSS and RSQRTSS: approximations with a relative error below 1.5 * 2^-12, never a flag, MXCSR without effect (Intel SDM vol. 2).
 *
 * <p>Vendors' results differ within that bound. Here the value is the correctly rounded double, rounded to a fraction of 12 bits, halves
 * up; so the relative error is at most 2^-13 and a little, and every host gives the same bits.
 */
public final class SseEstimate {
  private SseEstimate() {}

  /** RCPSS: about {@code 1 / a}. Denormal operands count as zeros; a tiny result is a zero. */
  public static int recip(int a) {
    float x = Float.intBitsToFloat(a);
    if (x != x) {
      return a | 1 << 22;
    }
    int sign = a & Integer.MIN_VALUE;
    if (Math.abs(x) < Float.MIN_NORMAL) {
      return sign | 0x7F80_0000;
    }
    float r = coarse(1.0 / x);
    return Math.abs(r) < Float.MIN_NORMAL ? sign : Float.floatToRawIntBits(r);
  }

  /** RSQRTSS: about {@code 1 / sqrt(a)}. Denormal operands count as zeros; below zero it is the default NaN. */
  public static int recipSqrt(int a) {
    float x = Float.intBitsToFloat(a);
    if (x != x) {
      return a | 1 << 22;
    }
    if (Math.abs(x) < Float.MIN_NORMAL) {
      return a & Integer.MIN_VALUE | 0x7F80_0000;
    }
    return x < 0 ? 0xFFC0_0000 : Float.floatToRawIntBits(coarse(1.0 / Math.sqrt(x)));
  }

  private static float coarse(double x) {
    return (float) Double.longBitsToDouble(Double.doubleToRawLongBits(x) + (1L << 39) & -1L << 40);
  }
}
