// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.fp;

/**
 * F2XM1, FYL2X and FYL2XP1 (Intel SDM vol. 2), correctly rounded by the rounding control; precision control has no effect. Where the SDM
 * calls the result undefined, it is what a processor of Intel's (family 6, model 85) was seen to make; as there, PE is set for exact
 * results, too, unless they are zeros or infinities. A processor's own results may differ by one in the last place and in C1.
 */
public final class X87Logarithm {
  private X87Logarithm() {}

  /** F2XM1: {@code 2^a - 1}. Above 1 in magnitude the result is undefined in the SDM, here the operand. */
  public static void powerMinusOne(int a, long sigA, int cw, X87Result r) {
    r.flags = 0;
    if (Extended.isStrange(a, sigA)) {
      r.nan(a, sigA, a, sigA);
    } else if (Extended.isInfinity(a, sigA)) {
      r.set(a, sigA);
      if (Extended.sign(a) != 0) {
        r.set(0x8000 | Extended.BIAS, Long.MIN_VALUE);
      }
    } else if (r.stopsAtDenormal(Extended.isDenormal(a, sigA), cw) || sigA == 0) {
      r.set(a, sigA);
    } else if (Extended.exponent(a) >= Extended.BIAS) {
      boolean minusOne = a == (0x8000 | Extended.BIAS) && sigA == Long.MIN_VALUE;
      r.flags |= Mxcsr.PE;
      r.set(minusOne ? a - 1 : a, sigA);
    } else {
      X87Series s = r.series;
      s.x.set(a, sigA);
      s.powerMinusOne();
      s.x.to(r.unrounded, false);
      r.round(64, cw);
    }
  }

  /** FYL2X: {@code b * log2(a)}, {@code a} being ST(0) and {@code b} ST(1), the destination. */
  public static void logarithm(int a, long sigA, int b, long sigB, int cw, X87Result r) {
    r.flags = 0;
    if (Extended.isStrange(a, sigA) || Extended.isStrange(b, sigB)) {
      r.nan(a, sigA, b, sigB);
      return;
    }
    int sign = Extended.sign(b);
    boolean infinite = Extended.isInfinity(a, sigA);
    boolean infiniteFactor = Extended.isInfinity(b, sigB);
    boolean one = a == Extended.BIAS && sigA == Long.MIN_VALUE;
    if (sigA != 0 && Extended.sign(a) != 0 || sigB == 0 && (sigA == 0 || infinite) || infiniteFactor && one) {
      r.invalid();
      return;
    }
    if (sigA == 0 && !infiniteFactor) {
      r.flags |= Mxcsr.ZE;
      r.infinity(sign ^ 1);
      return;
    }
    if (r.stopsAtDenormal(Extended.isDenormal(a, sigA) || Extended.isDenormal(b, sigB), cw)) {
      r.set(b, sigB);
      return;
    }
    int below = Extended.exponent(a) < Extended.BIAS ? 1 : 0;
    if (infinite || infiniteFactor) {
      r.infinity(sign ^ below);
    } else if (sigB == 0 || one) {
      r.zero(sign ^ below);
    } else {
      X87Series s = r.series;
      s.x.set(a, sigA);
      s.y.set(b, sigB);
      s.logarithm();
      s.x.mul(s.y).to(r.unrounded, Extended.significand(sigA) == Long.MIN_VALUE);
      r.round(64, cw);
      inexact(r);
    }
  }

  /**
   * FYL2XP1: {@code b * log2(a + 1)}, {@code a} being ST(0) and {@code b} ST(1), the destination. For {@code a} outside of sqrt(1/2) - 1 to
   * 1 - sqrt(1/2) the result is undefined in the SDM, here the same formula, and {@code a} if that is -1 or less, but invalid for minus
   * infinity.
   */
  public static void logarithmPlusOne(int a, long sigA, int b, long sigB, int cw, X87Result r) {
    r.flags = 0;
    if (Extended.isStrange(a, sigA) || Extended.isStrange(b, sigB)) {
      r.nan(a, sigA, b, sigB);
      return;
    }
    int sign = Extended.sign(a) ^ Extended.sign(b);
    boolean infinite = Extended.isInfinity(a, sigA);
    boolean infiniteFactor = Extended.isInfinity(b, sigB);
    if (infiniteFactor && sigA == 0 || infinite && (sigB == 0 || Extended.sign(a) != 0)) {
      r.invalid();
    } else if (r.stopsAtDenormal(Extended.isDenormal(a, sigA) || Extended.isDenormal(b, sigB), cw)) {
      r.set(b, sigB);
    } else if (infinite || infiniteFactor) {
      r.infinity(sign);
    } else if (sigA == 0 || sigB == 0) {
      r.zero(sign);
    } else if (Extended.sign(a) != 0 && Extended.exponent(a) >= Extended.BIAS) {
      r.flags |= Mxcsr.PE;
      r.set(a, sigA);
    } else {
      X87Series s = r.series;
      s.x.set(a, sigA);
      s.y.set(b, sigB);
      s.logarithmOfOnePlus();
      s.x.mul(s.y).to(r.unrounded, isPowerOfTwoLessOne(a, sigA));
      r.round(64, cw);
      inexact(r);
    }
  }

  /** A result that isn't a zero or infinity is taken for inexact, and for tiny if it is denormal. */
  private static void inexact(X87Result r) {
    boolean tiny = Extended.exponent(r.signExponent) == 0 && r.significand >= 0;
    r.flags |= tiny ? Mxcsr.PE | Mxcsr.UE : Mxcsr.PE;
  }

  /** Whether 1 more is a power of two, whose logarithm is exact. */
  private static boolean isPowerOfTwoLessOne(int a, long sigA) {
    int ones = Long.numberOfLeadingZeros(~sigA);
    boolean onesOnly = ones == 64 || sigA << ones == 0;
    return onesOnly && (Extended.sign(a) == 0 ? Extended.exponent(a) - Extended.BIAS == ones - 1 : Extended.exponent(a) == Extended.BIAS
        - 1);
  }
}
