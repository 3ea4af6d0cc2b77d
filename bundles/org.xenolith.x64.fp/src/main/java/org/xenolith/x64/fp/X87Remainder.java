// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.fp;

/** FPREM, FPREM1, FSCALE, FRNDINT and FXTRACT (Intel SDM vol. 2). Precision control has no effect on them. */
public final class X87Remainder {
  private X87Remainder() {}

  /**
   * FPREM: the remainder of {@code a / b}, the quotient cut towards zero. C0, C3, C1 are bits 2 to 0 of the quotient; C2 says that
   * exponents differed by 64 or more and the result is a partial one.
   */
  public static void truncating(int a, long sigA, int b, long sigB, int cw, X87Result r) {
    remainder(a, sigA, b, sigB, false, cw, r);
  }

  /** FPREM1: as {@link #truncating}, but the quotient is rounded to nearest, ties to even (IEEE 754's remainder). */
  public static void nearest(int a, long sigA, int b, long sigB, int cw, X87Result r) {
    remainder(a, sigA, b, sigB, true, cw, r);
  }

  private static void remainder(int a, long sigA, int b, long sigB, boolean nearest, int cw, X87Result r) {
    r.flags = 0;
    if (Extended.isStrange(a, sigA) || Extended.isStrange(b, sigB)) {
      r.nan(a, sigA, b, sigB);
    } else if (Extended.isInfinity(a, sigA) || sigB == 0) {
      r.invalid();
    } else if (r.stopsAtDenormal(Extended.isDenormal(a, sigA) || Extended.isDenormal(b, sigB), cw) || sigA == 0) {
      r.set(a, sigA);
    } else if (Extended.isInfinity(b, sigB)) {
      r.unrounded.set(Extended.sign(a), Extended.scale(a, sigA), Extended.significand(sigA), 0);
      r.round(64, cw);
    } else {
      reduce(a, sigA, b, sigB, nearest, cw, r);
    }
  }

  private static void reduce(int a, long sigA, int b, long sigB, boolean nearest, int cw, X87Result r) {
    Unrounded u = r.unrounded;
    int sign = Extended.sign(a);
    int scaleB = Extended.scale(b, sigB);
    long x = Extended.significand(sigA);
    long y = Extended.significand(sigB);
    int distance = Extended.scale(a, sigA) - scaleB;
    if (distance < (nearest ? -1 : 0)) {
      u.set(sign, distance + scaleB, x, 0);
      r.round(64, cw);
      return;
    }
    int steps = distance < 64 ? distance : 32 + (distance & 31);   // a partial reduction takes between 32 and 63 bits off
    int left = distance - steps;
    long quotient = 0;
    if (distance < 0) {
      // a is in [b/4, b): the quotient is 0 or rounds up to 1
      boolean up = Long.compareUnsigned(x, y) > 0;
      u.set(sign, scaleB - 1, x, 0);
      if (up) {
        u.add(sign, scaleB - 1, x, sign ^ 1, scaleB, y);
        quotient = 1;
      }
    } else {
      if (Long.compareUnsigned(x, y) >= 0) {
        x -= y;
        quotient = 1;
      }
      if (steps > 0) {
        // x < y: the quotient's next bits are floor(x * 2^steps / y)
        quotient = quotient << steps | u.divide(x >>> 64 - steps, x << steps, y);
        x = u.remainder();
      }
      if (nearest && left == 0) {
        long twice = x << 1;
        boolean above = x < 0 || Long.compareUnsigned(twice, y) > 0;
        if (above || twice == y && (quotient & 1) != 0) {
          quotient++;
          x = y - x;
          sign ^= 1;
        }
      }
      u.set(sign, scaleB + left, x, 0);
      u.normalize();
    }
    if (u.high == 0) {
      r.zero(Extended.sign(a));
    } else {
      r.round(64, cw);
    }
    r.flags |= left > 0 ? X87Control.C2
        : (quotient & 4) != 0 ? X87Control.C0 : 0;
    if (left == 0) {
      r.flags |= ((quotient & 2) != 0 ? X87Control.C3 : 0) | ((quotient & 1) != 0 ? X87Control.C1 : 0);
    }
  }

  /** FSCALE: {@code a * 2^trunc(b)}. */
  public static void scale(int a, long sigA, int b, long sigB, int cw, X87Result r) {
    r.flags = 0;
    if (Extended.isStrange(a, sigA) || Extended.isStrange(b, sigB)) {
      r.nan(a, sigA, b, sigB);
      return;
    }
    boolean down = Extended.sign(b) != 0;
    boolean infinite = Extended.isInfinity(a, sigA);
    if (Extended.isInfinity(b, sigB)) {
      if (down ? infinite : sigA == 0) {
        r.invalid();
      } else if (r.stopsAtDenormal(Extended.isDenormal(a, sigA), cw) || down) {
        r.zero(Extended.sign(a));
      } else {
        r.infinity(Extended.sign(a));
      }
      return;
    }
    if (r.stopsAtDenormal(Extended.isDenormal(a, sigA) || Extended.isDenormal(b, sigB), cw) || infinite || sigA == 0) {
      r.set(a, sigA);
      return;
    }
    int exponent = Extended.exponent(b) - Extended.BIAS;
    int by = exponent < 0 ? 0 : exponent > 16 ? 1 << 17 : (int) (sigB >>> 63 - exponent);
    r.unrounded.set(Extended.sign(a), Extended.scale(a, sigA) + (down ? -by : by), Extended.significand(sigA), 0);
    r.round(64, cw);
  }

  /** FRNDINT: to an integral value by the rounding control. */
  public static void integral(int a, long sigA, int cw, X87Result r) {
    r.flags = 0;
    if (Extended.isStrange(a, sigA)) {
      r.nan(a, sigA, a, sigA);
      return;
    }
    if (sigA == 0 || r.stopsAtDenormal(Extended.isDenormal(a, sigA), cw) || Extended.exponent(a) >= Extended.BIAS + 63) {
      r.set(a, sigA);
      return;
    }
    int flags = r.flags;
    int sign = a & 0x8000;
    int scale = Extended.scale(a, sigA);
    long significand = Extended.significand(sigA);
    long whole = scale < 0 ? 0 : significand >>> 63 - scale;
    long rest = scale < 0 ? Unrounded.jam(significand, -1 - scale) : significand << scale + 1;
    if (rest != 0) {
      flags |= Mxcsr.PE;
    }
    if (RoundingControl.up(X87Control.rounding(cw), sign >>> 15, (whole & 1) != 0, rest)) {
      whole++;
      flags |= X87Control.C1;
    }
    int shift = Long.numberOfLeadingZeros(whole);
    r.set(whole == 0 ? sign : sign | Extended.BIAS + 63 - shift, whole << shift);
    r.flags = flags;
  }

  /** FXTRACT: the exponent of {@code a} as a number; its significand, in [1, 2), is to be pushed. */
  public static void extract(int a, long sigA, int cw, X87Result r) {
    r.flags = 0;
    if (Extended.isStrange(a, sigA)) {
      r.nan(a, sigA, a, sigA);
      push(r.signExponent, r.significand, r);
    } else if (sigA == 0) {
      r.flags = Mxcsr.ZE;
      r.infinity(1);
      push(a, 0, r);
    } else if (Extended.isInfinity(a, sigA)) {
      r.infinity(0);
      push(a, sigA, r);
    } else {
      boolean denormal = Extended.isDenormal(a, sigA);
      X87Convert.fromInteger(Extended.scale(a, sigA), r);
      r.stopsAtDenormal(denormal, cw);
      push(a & 0x8000 | Extended.BIAS, Extended.significand(sigA), r);
    }
  }

  private static void push(int signExponent, long significand, X87Result r) {
    r.pushedSignExponent = signExponent;
    r.pushedSignificand = significand;
  }
}
