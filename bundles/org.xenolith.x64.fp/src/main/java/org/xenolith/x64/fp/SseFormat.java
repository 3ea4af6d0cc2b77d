// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.fp;

/** The two formats of SSE: their fields, NaNs and rounding (Intel SDM vol. 1, 4.2.2 and 4.9). Bits are in the low end of a long. */
enum SseFormat {
  SINGLE(8, 23), DOUBLE(11, 52);

  /** Flag of {@link #round}: the magnitude was rounded up (the place of C1 in the x87's status word). */
  static final int ROUNDED_UP = 1 << 9;

  final int exponentBits;
  final int fractionBits;

  SseFormat(int exponentBits, int fractionBits) {
    this.exponentBits = exponentBits;
    this.fractionBits = fractionBits;
  }

  int bias() {
    return (1 << exponentBits - 1) - 1;
  }

  int topExponent() {
    return (1 << exponentBits) - 1;
  }

  int sign(long x) {
    return (int) (x >>> exponentBits + fractionBits) & 1;
  }

  int exponent(long x) {
    return (int) (x >>> fractionBits) & topExponent();
  }

  long fraction(long x) {
    return x & (1L << fractionBits) - 1;
  }

  long magnitude(long x) {
    return x & (1L << exponentBits + fractionBits) - 1;
  }

  long zero(int sign) {
    return (long) sign << exponentBits + fractionBits;
  }

  long infinity(int sign) {
    return zero(sign) | (long) topExponent() << fractionBits;
  }

  long quietBit() {
    return 1L << fractionBits - 1;
  }

  /** The QNaN floating-point indefinite, which is negative. */
  long indefinite() {
    return infinity(1) | quietBit();
  }

  boolean isNaN(long x) {
    return magnitude(x) > infinity(0);
  }

  boolean isSignalling(long x) {
    return isNaN(x) && (x & quietBit()) == 0;
  }

  boolean isInfinity(long x) {
    return magnitude(x) == infinity(0);
  }

  boolean isZero(long x) {
    return magnitude(x) == 0;
  }

  boolean isDenormal(long x) {
    return exponent(x) == 0 && fraction(x) != 0;
  }

  /** The significand of a non-zero finite number, left-justified: bit 63 is set. */
  long significand(long x) {
    long fraction = fraction(x);
    return exponent(x) != 0 ? (fraction | 1L << fractionBits) << 63 - fractionBits
        : fraction << Long.numberOfLeadingZeros(fraction);
  }

  /** The exponent that belongs to {@link #significand}: the value lies in [2^scale, 2^(scale+1)). */
  int scale(long x) {
    int exponent = exponent(x);
    return exponent != 0 ? exponent - bias() : 1 - bias() - (Long.numberOfLeadingZeros(fraction(x)) - (63 - fractionBits));
  }

  /** A number's order among the numbers, as a signed integer; both zeros are 0. */
  long order(long x) {
    return sign(x) == 0 ? magnitude(x) : -magnitude(x);
  }

  /** With DAZ a denormal is a zero of its sign. */
  long operand(long x, int mxcsr) {
    return (mxcsr & Mxcsr.DAZ) != 0 && isDenormal(x) ? zero(sign(x)) : x;
  }

  long invalid(SseStatus status) {
    status.flags |= Mxcsr.IE;
    return indefinite();
  }

  /** At least one operand is a NaN: the first that is one, made quiet (SDM vol. 1, table 4-7). */
  long nan(long a, long b, SseStatus status) {
    if (isSignalling(a) || isSignalling(b)) {
      status.flags |= Mxcsr.IE;
    }
    return (isNaN(a) ? a : b) | quietBit();
  }

  /** The zero that an exact cancellation gives: negative only when rounding towards minus infinity. */
  long cancelled(int mxcsr) {
    return zero(Mxcsr.rounding(mxcsr) == RoundingControl.DOWN ? 1 : 0);
  }

  /** Rounds as MXCSR says and adds to the status. */
  long round(Unrounded u, int mxcsr, SseStatus status) {
    int flags = flags(u, Mxcsr.rounding(mxcsr), (mxcsr & Mxcsr.UE << Mxcsr.MASK_SHIFT) == 0);
    if ((flags & Mxcsr.OE) != 0 && (mxcsr & Mxcsr.OE << Mxcsr.MASK_SHIFT) == 0) {
      flags = flags & ~Mxcsr.PE | (inexactUnbounded(u) ? Mxcsr.PE : 0);   // as if the exponent had no bounds
    }
    if ((flags & Mxcsr.UE) != 0 && (mxcsr & Mxcsr.UE << Mxcsr.MASK_SHIFT) == 0) {
      flags = flags & ~Mxcsr.PE | (inexactUnbounded(u) ? Mxcsr.PE : 0);
    }
    boolean flush = (mxcsr & Mxcsr.FTZ) != 0 && (mxcsr & Mxcsr.UE << Mxcsr.MASK_SHIFT) != 0
        && tiny(u, Mxcsr.rounding(mxcsr));
    if (flush) {
      status.flags |= Mxcsr.UE | Mxcsr.PE;
      return zero(u.sign);
    }
    status.flags |= flags & Mxcsr.FLAGS;
    return bits(u, Mxcsr.rounding(mxcsr));
  }

  /** Whether the significand has more bits than the format. */
  boolean inexactUnbounded(Unrounded u) {
    return u.high << fractionBits + 1 != 0 || u.low != 0;
  }

  /** Tiny after rounding: rounded with an unbounded exponent, the magnitude is below the smallest normal number. */
  boolean tiny(Unrounded u, int rc) {
    int biased = u.scale + bias();
    if (biased != 0) {
      return biased < 0;
    }
    long kept = u.high >>> 63 - fractionBits;
    long rest = u.high << fractionBits + 1 | (u.low != 0 ? 1 : 0);
    return kept + 1 != 1L << fractionBits + 1 || !RoundingControl.up(rc, u.sign, true, rest);
  }

  /** The rounded result, as all exceptions masked and no flushing give it. */
  long bits(Unrounded u, int rc) {
    int biased = u.scale + bias();
    long significand = u.high | (u.low != 0 ? 1 : 0);
    if (biased <= 0) {
      significand = Unrounded.jam(significand, 1 - biased);
    }
    long bits = significand >>> 63 - fractionBits;
    if (RoundingControl.up(rc, u.sign, (bits & 1) != 0, significand << fractionBits + 1)) {
      bits++;                          // a carry out of the fraction raises the exponent by itself
    }
    if (biased < topExponent()) {
      bits += (long) Math.max(biased - 1, 0) << fractionBits;
      if (bits < infinity(0)) {
        return zero(u.sign) | bits;
      }
    }
    return RoundingControl.toInfinity(rc, u.sign) ? infinity(u.sign) : zero(u.sign) | infinity(0) - 1;
  }

  /**
   * The flags that rounding raises.
   *
   * @param exactToo whether an exact tiny result underflows, as it does unmasked
   * @return OE, UE, PE and {@link #ROUNDED_UP}
   */
  int flags(Unrounded u, int rc, boolean exactToo) {
    int biased = u.scale + bias();
    long significand = u.high | (u.low != 0 ? 1 : 0);
    if (biased <= 0) {
      significand = Unrounded.jam(significand, 1 - biased);
    }
    long rest = significand << fractionBits + 1;
    long kept = significand >>> 63 - fractionBits;
    boolean up = RoundingControl.up(rc, u.sign, (kept & 1) != 0, rest);
    boolean carry = up && kept + 1 == 1L << fractionBits + 1;
    if (biased + (carry ? 1 : 0) >= topExponent()) {
      return Mxcsr.OE | Mxcsr.PE | (RoundingControl.toInfinity(rc, u.sign) ? ROUNDED_UP : 0);
    }
    int flags = rest != 0 ? Mxcsr.PE : 0;
    if (biased <= 0 && (rest != 0 || exactToo) && tiny(u, rc)) {
      flags |= Mxcsr.UE;
    }
    return up ? flags | ROUNDED_UP : flags;
  }
}
