// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.fp;

/** Loads and stores that convert: singles, doubles, integers and packed decimals (Intel SDM vol. 2: FLD, FST, FILD, FIST, FISTTP, FBLD, FBSTP). */
public final class X87Convert {
  private static final long DECIMALS = 1_000_000_000_000_000_000L;

  private X87Convert() {}

  /** FLD of a single; the result is exact. */
  public static void fromSingle(int bits, int cw, X87Result r) {
    from(SseFormat.SINGLE, bits & 0xFFFF_FFFFL, cw, r);
  }

  /** FLD of a double; the result is exact. */
  public static void fromDouble(long bits, int cw, X87Result r) {
    from(SseFormat.DOUBLE, bits, cw, r);
  }

  private static void from(SseFormat f, long x, int cw, X87Result r) {
    r.flags = 0;
    int sign = f.sign(x);
    if (f.exponent(x) == f.topExponent()) {
      if (f.isSignalling(x)) {
        r.flags |= Mxcsr.IE;
      }
      long fraction = f.fraction(x) << 63 - f.fractionBits;
      r.set(sign << 15 | Extended.TOP, Long.MIN_VALUE | fraction | (fraction != 0 ? 1L << 62 : 0));
    } else if (f.isZero(x)) {
      r.zero(sign);
    } else {
      r.stopsAtDenormal(f.isDenormal(x), cw);
      r.set(sign << 15 | f.scale(x) + Extended.BIAS, f.significand(x));
    }
  }

  /** FST to a single, to the low half of {@link X87Result#integer}. */
  public static void toSingle(int a, long sigA, int cw, X87Result r) {
    to(SseFormat.SINGLE, a, sigA, cw, r);
  }

  /** FST to a double, to {@link X87Result#integer}. */
  public static void toDouble(int a, long sigA, int cw, X87Result r) {
    to(SseFormat.DOUBLE, a, sigA, cw, r);
  }

  private static void to(SseFormat f, int a, long sigA, int cw, X87Result r) {
    r.flags = 0;
    int sign = Extended.sign(a);
    if (Extended.isStrange(a, sigA)) {
      r.nan(a, sigA, a, sigA);
      r.integer = f.infinity(Extended.sign(r.signExponent)) | r.significand << 1 >>> 64 - f.fractionBits;
    } else if (Extended.isInfinity(a, sigA)) {
      r.integer = f.infinity(sign);
    } else if (sigA == 0) {
      r.integer = f.zero(sign);
    } else {
      Unrounded u = r.unrounded;
      u.set(sign, Extended.scale(a, sigA), Extended.significand(sigA), 0);
      int rc = X87Control.rounding(cw);
      r.integer = f.bits(u, rc);
      r.flags = f.flags(u, rc, (cw & Mxcsr.UE) == 0);
      if ((r.flags & ~cw & (Mxcsr.OE | Mxcsr.UE)) != 0) {
        r.flags &= ~(Mxcsr.PE | X87Control.C1);
      }
    }
  }

  /** FILD; exact. 16 and 32 bits are sign-extended by the caller. */
  public static void fromInteger(long value, X87Result r) {
    r.flags = 0;
    if (value == 0) {
      r.zero(0);
      return;
    }
    long magnitude = Math.abs(value);
    int shift = Long.numberOfLeadingZeros(magnitude);
    r.set((value < 0 ? 0x8000 : 0) | Extended.BIAS + 63 - shift, magnitude << shift);
  }

  /**
   * FIST: to a signed integer by the rounding control; out of range the integer indefinite (IE).
   *
   * @param width 16, 32 or 64
   */
  public static void toInteger(int a, long sigA, int width, int cw, X87Result r) {
    rounded(a, sigA, width, X87Control.rounding(cw), r);
  }

  /** FISTTP: as {@link #toInteger(int, long, int, int, X87Result)}, towards zero. */
  public static void truncate(int a, long sigA, int width, X87Result r) {
    rounded(a, sigA, width, RoundingControl.ZERO, r);
  }

  private static void toIntegerMagnitude(int a, long sigA, int rc, X87Result r) {
    int scale = Extended.scale(a, sigA);
    long significand = Extended.significand(sigA);
    long whole = scale < 0 ? 0 : significand >>> 63 - scale;
    long rest = scale < 0 ? Unrounded.jam(significand, -1 - scale) : scale == 63 ? 0 : significand << scale + 1;
    if (rest != 0) {
      r.flags |= Mxcsr.PE;
    }
    if (RoundingControl.up(rc, Extended.sign(a), (whole & 1) != 0, rest)) {
      whole++;
      r.flags |= X87Control.C1;
    }
    r.integer = whole;
  }

  private static void rounded(int a, long sigA, int width, int rc, X87Result r) {
    r.flags = 0;
    r.integer = 0;
    long indefinite = -1L << width - 1;
    boolean negative = Extended.sign(a) != 0;
    boolean fits = !Extended.isUnsupported(a, sigA) && Extended.exponent(a) < Extended.BIAS + 64;
    if (fits && sigA != 0) {
      toIntegerMagnitude(a, sigA, rc, r);
      fits = Long.compareUnsigned(r.integer, negative ? -indefinite : ~indefinite) <= 0;
    }
    if (!fits) {
      r.flags = Mxcsr.IE;
      r.integer = indefinite;
    } else if (negative) {
      r.integer = -r.integer;
    }
  }

  /**
   * FBSTP: to 18 packed decimal digits. The low eight bytes go to {@link X87Result#significand}, the upper two to
   * {@link X87Result#signExponent}.
   */
  public static void toDecimal(int a, long sigA, int cw, X87Result r) {
    r.flags = 0;
    r.integer = 0;
    boolean fits = !Extended.isUnsupported(a, sigA) && Extended.exponent(a) < Extended.BIAS + 64;
    if (fits && sigA != 0) {
      toIntegerMagnitude(a, sigA, X87Control.rounding(cw), r);
      fits = Long.compareUnsigned(r.integer, DECIMALS) < 0;
    }
    if (!fits) {
      r.flags = Mxcsr.IE;
      r.set(0xFFFF, Extended.QUIET);
      return;
    }
    long rest = r.integer;
    long digits = 0;
    for (int i = 0; i < 16; i++) {
      digits |= rest % 10 << 4 * i;
      rest /= 10;
    }
    r.set((a & 0x8000) | (int) (rest / 10 << 4 | rest % 10), digits);
  }

  /** FBLD: from 18 packed decimal digits and a sign; exact. A nibble above nine counts what it is worth. */
  public static void fromDecimal(int upper, long lower, X87Result r) {
    long value = (upper >>> 4 & 15) * 10 + (upper & 15);
    for (int i = 15; i >= 0; i--) {
      value = value * 10 + (lower >>> 4 * i & 15);
    }
    fromInteger(value, r);
    r.signExponent |= upper & 0x8000;
  }
}
