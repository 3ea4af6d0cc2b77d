// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.fp;

/**
 * RCPSS and RSQRTSS: approximations with a relative error below 1.5 * 2^-12, never a flag, MXCSR without effect (Intel SDM vol. 2).
 *
 * <p>Processors' results differ within that bound. Here they are those of AMD's family 1Ah, bit for bit, on every host.
 */
public final class SseEstimate {
  private static final int FRACTION = 0x7F_FFFF;
  private static final int INFINITY = 0x7F80_0000;
  private static final int DEFAULT_NAN = 0xFFC0_0000;
  /** Exponent of 1. */
  private static final int BIAS = 127;
  /** Exponent of the tables' results. */
  private static final int RESULT = 126;

  private SseEstimate() {}

  /** RCPSS: about {@code 1 / a}. Denormal operands count as zeros; a tiny result is a zero. */
  public static int recip(int a) {
    int sign = a & Integer.MIN_VALUE;
    int exponent = a >>> 23 & 0xFF;
    if (exponent == 0xFF) {
      return (a & FRACTION) != 0 ? a | 1 << 22 : sign;
    }
    if (exponent == 0) {
      return sign | INFINITY;
    }
    int result = RESULT + BIAS - exponent;
    return result <= 0 ? sign : sign | result << 23 | EstimateTable.RECIPROCAL[(a & FRACTION) >>> 11] << 11;
  }

  /** RSQRTSS: about {@code 1 / sqrt(a)}. Denormal operands count as zeros; below zero it is the default NaN. */
  public static int recipSqrt(int a) {
    int exponent = a >>> 23 & 0xFF;
    if (exponent == 0xFF && (a & FRACTION) != 0) {
      return a | 1 << 22;
    }
    if (exponent == 0) {
      return a & Integer.MIN_VALUE | INFINITY;
    }
    if (a < 0) {
      return DEFAULT_NAN;
    }
    if (exponent == 0xFF) {
      return 0;
    }
    int distance = exponent - BIAS;
    short[] table = (distance & 1) == 0 ? EstimateTable.ROOT_OF_1 : EstimateTable.ROOT_OF_2;
    return RESULT - (distance >> 1) << 23 | table[(a & FRACTION) >>> 11] << 11;
  }
}
