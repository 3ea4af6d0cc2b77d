// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.crypto;

/** Products of polynomials over {0, 1} (PolynomialMult): PMULL, PMULL2 and PMUL. */
public final class Polynomial {
  private static final long EVERY_FOURTH = 0x1111_1111_1111_1111L;

  private Polynomial() {}

  /** PMULL Vd.1Q: bits 63:0 of the 128-bit product. */
  public static long low(long a, long b) {
    // Every fourth bit kept, integer products carry into the room between. The slot at bit 4k sums at most k + 1 ones:
    // no more than 15, which fits, except in the topmost slot, whose carry leaves the word.
    long product = 0;
    for (int place = 0; place < 4; place++) {
      long sum = 0;
      for (int i = 0; i < 4; i++) {
        sum ^= (a & EVERY_FOURTH << i) * (b & EVERY_FOURTH << (place - i & 3));
      }
      product |= sum & EVERY_FOURTH << place;
    }
    return product;
  }

  /** PMULL Vd.1Q: bits 127:64 of the product, by symmetry the mirror image of the low ones. */
  public static long high(long a, long b) {
    return Long.reverse(low(Long.reverse(a), Long.reverse(b))) >>> 1;
  }

  /** PMULL Vd.8H, one lane: the 15-bit product of two bytes; its low byte is PMUL's lane. */
  public static int multiply8(int a, int b) {
    int product = 0;
    for (int bit = 0; bit < 8; bit++) {
      product ^= (a & 0xFF) << bit & -(b >> bit & 1);
    }
    return product;
  }
}
