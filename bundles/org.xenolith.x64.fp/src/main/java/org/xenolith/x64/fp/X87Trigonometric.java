// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.fp;

/**
 * FSIN, FCOS, FSINCOS, FPTAN and FPATAN (Intel SDM vol. 2; accuracy: vol. 1, 8.3.8 and 8.3.10), correctly rounded by the rounding control;
 * precision control has no effect. Angles are radians. FSIN, FCOS, FSINCOS and FPTAN reduce their argument with a pi of 66 bits, as
 * Intel's processors do, so that near multiples of pi they are right for that pi. A processor's own results may differ by one in the last
 * place and in C1.
 */
public final class X87Trigonometric {
  private X87Trigonometric() {}

  /** FSIN. C2 says that the operand isn't less than 2^63 in magnitude; it then is the result. */
  public static void sine(int a, long sigA, int cw, X87Result r) {
    if (isAngle(a, sigA, cw, r)) {
      X87Series s = r.series;
      s.x.set(a, sigA);
      long n = s.reduce();
      s.sineAndCosine();
      quadrant(n, r);
      r.round(64, cw);
    }
  }

  /** FCOS. C2 says that the operand isn't less than 2^63 in magnitude; it then is the result. */
  public static void cosine(int a, long sigA, int cw, X87Result r) {
    if (isAngle(a, sigA, cw, r)) {
      X87Series s = r.series;
      s.x.set(a, sigA);
      long n = s.reduce();
      s.sineAndCosine();
      quadrant(n + 1, r);
      r.round(64, cw);
    } else if (Extended.isZero(a, sigA)) {
      one(r);
    }
  }

  /** FSINCOS: the sine is the result, the cosine is to be pushed. C2 says that neither is, the operand being not less than 2^63 in magnitude. */
  public static void sineAndCosine(int a, long sigA, int cw, X87Result r) {
    if (isAngle(a, sigA, cw, r)) {
      X87Series s = r.series;
      s.x.set(a, sigA);
      long n = s.reduce();
      s.sineAndCosine();
      quadrant(n + 1, r);
      r.round(64, cw);
      push(r);
      quadrant(n, r);
      r.flags &= ~X87Control.C1;
      r.round(64, cw);
    } else if (Extended.isZero(a, sigA)) {
      one(r);
      push(r);
      r.set(a, 0);
    } else {
      push(r);
    }
  }

  /** FPTAN: the tangent is the result, 1 is to be pushed. C2 says that neither is, the operand being not less than 2^63 in magnitude. */
  public static void tangent(int a, long sigA, int cw, X87Result r) {
    if (isAngle(a, sigA, cw, r)) {
      X87Series s = r.series;
      s.x.set(a, sigA);
      s.tangent((s.reduce() & 1) != 0);
      one(r);
      push(r);
      s.x.to(r.unrounded, false);
      r.round(64, cw);
    } else if (Extended.isZero(a, sigA)) {
      one(r);
      push(r);
      r.set(a, 0);
    } else {
      push(r);
    }
  }

  /** True for an operand to be computed with; otherwise the result is there, the operand itself if it is a zero. */
  private static boolean isAngle(int a, long sigA, int cw, X87Result r) {
    r.flags = 0;
    if (Extended.isStrange(a, sigA)) {
      r.nan(a, sigA, a, sigA);
    } else if (Extended.isInfinity(a, sigA)) {
      r.invalid();
    } else if (Extended.exponent(a) >= Extended.BIAS + 63) {
      r.flags = X87Control.C2;
      r.set(a, sigA);
    } else if (r.stopsAtDenormal(Extended.isDenormal(a, sigA), cw) || sigA == 0) {
      r.set(a, sigA);
    } else {
      return true;
    }
    return false;
  }

  private static void one(X87Result r) {
    r.set(Extended.BIAS, Long.MIN_VALUE);
  }

  private static void push(X87Result r) {
    r.pushedSignExponent = r.signExponent;
    r.pushedSignificand = r.significand;
  }

  /** The sine of an angle that is n quarters of a turn more than the one whose sine and cosine the series has. */
  private static void quadrant(long n, X87Result r) {
    ((n & 1) != 0 ? r.series.y : r.series.x).to(r.unrounded, false);
    r.unrounded.sign ^= (int) (n >> 1 & 1);
  }

  /**
   * FPATAN: the angle, in [-pi, pi], of the point with abscissa {@code a} (ST(0)) and ordinate {@code b} (ST(1), the destination).
   */
  public static void arcTangent(int a, long sigA, int b, long sigB, int cw, X87Result r) {
    r.flags = 0;
    if (Extended.isStrange(a, sigA) || Extended.isStrange(b, sigB)) {
      r.nan(a, sigA, b, sigB);
      return;
    }
    if (r.stopsAtDenormal(Extended.isDenormal(a, sigA) || Extended.isDenormal(b, sigB), cw)) {
      r.set(b, sigB);
      return;
    }
    int sign = Extended.sign(b);
    boolean left = Extended.sign(a) != 0;
    boolean far = Extended.isInfinity(a, sigA);
    if (Extended.isInfinity(b, sigB)) {
      eighths(far ? left ? 3 : 1 : 2, sign, cw, r);
    } else if (far || sigB == 0) {
      eighths(left ? 4 : 0, sign, cw, r);
    } else if (sigA == 0) {
      eighths(2, sign, cw, r);
    } else {
      X87Series s = r.series;
      s.x.set(a, sigA);
      s.y.set(b, sigB);
      s.angle();
      s.y.to(r.unrounded, false);
      r.round(64, cw);
    }
  }

  /** Rounds so many eighths of a full turn, pi / 4 each. */
  private static void eighths(int n, int sign, int cw, X87Result r) {
    if (n == 0) {
      r.zero(sign);
      return;
    }
    X87Wide x = r.series.x.set(n).mul(X87Wide.PI);
    x.scale -= 2;
    x.sign = sign;
    x.to(r.unrounded, false);
    r.round(64, cw);
  }
}
