// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.simd;

/** Products of polynomials over GF(2) (Intel SDM volume 2, PCLMULQDQ). */
public final class CarrylessProduct {
  private CarrylessProduct() {}

  /** The low word. */
  public static long low(long a, long b) {
    long z = 0;
    for (long x = a, y = b; y != 0; y >>>= 1, x <<= 1) {
      z ^= (y & 1) != 0 ? x : 0;
    }
    return z;
  }

  /** The high word. */
  public static long high(long a, long b) {
    return Long.reverse(low(Long.reverse(a), Long.reverse(b))) >>> 1;
  }
}
