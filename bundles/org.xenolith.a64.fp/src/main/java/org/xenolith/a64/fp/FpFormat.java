// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.fp;

/**
 * A binary interchange format and how to take it apart: half, single or double precision. Raw bits are passed as a long
 * whose bits above the format's width are zero. HotSpot treats a record's components as constants of these constants.
 *
 * @param exponentBits width of the exponent
 * @param fractionBits width of the fraction
 * @param flush the FPCR bit that flushes this format's subnormals
 */
record FpFormat(int exponentBits, int fractionBits, int flush) {
  static final FpFormat HALF = new FpFormat(5, 10, Fpcr.FZ16);
  static final FpFormat SINGLE = new FpFormat(8, 23, Fpcr.FZ);
  static final FpFormat DOUBLE = new FpFormat(11, 52, Fpcr.FZ);

  int bias() {
    return (1 << exponentBits - 1) - 1;
  }

  /** The biased exponent of infinities and NaNs. */
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

  /** The bits without the sign. */
  long magnitude(long x) {
    return x & (1L << exponentBits + fractionBits) - 1;
  }

  long zero(int sign) {
    return (long) sign << exponentBits + fractionBits;
  }

  long infinity(int sign) {
    return zero(sign) | (long) topExponent() << fractionBits;
  }

  /** FPMaxNormal. */
  long largest(int sign) {
    return infinity(sign) - 1;
  }

  /** The fraction's top bit, which tells a quiet NaN from a signalling one. */
  long quietBit() {
    return 1L << fractionBits - 1;
  }

  /** FPDefaultNaN with FPCR.AH clear: positive, quiet, nothing else. */
  long defaultNaN() {
    return infinity(0) | quietBit();
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

  /** The significand of a non-zero finite number, left-justified: bit 63 is set. */
  long significand(long x) {
    long fraction = fraction(x);
    return exponent(x) != 0 ? (fraction | 1L << fractionBits) << 63 - fractionBits
        : fraction << Long.numberOfLeadingZeros(fraction);
  }

  /** The exponent that belongs to {@link #significand}: the value lies in [2^scale, 2^(scale+1)). */
  int scale(long x) {
    int exponent = exponent(x);
    return exponent != 0 ? exponent - bias()
        : 1 - bias() - (Long.numberOfLeadingZeros(fraction(x)) - (63 - fractionBits));
  }

  /** A number's order among the numbers, as a signed integer; both zeros are 0. */
  long order(long x) {
    return sign(x) == 0 ? magnitude(x) : -magnitude(x);
  }

  /** What FPUnpack does to a subnormal operand: with flushing on it is a zero, and IDC says so (never for half precision). */
  long unpack(long x, int fpcr, FpStatus status) {
    if ((fpcr & flush) == 0 || exponent(x) != 0 || fraction(x) == 0) {
      return x;
    }
    if (flush == Fpcr.FZ) {
      status.fpsr |= FpStatus.IDC;
    }
    return zero(sign(x));
  }

  /** FPDefaultNaN with InvalidOp. */
  long invalid(FpStatus status) {
    status.fpsr |= FpStatus.IOC;
    return defaultNaN();
  }

  /** FPProcessNaN. */
  long nan(long x, int fpcr, FpStatus status) {
    if ((x & quietBit()) == 0) {
      status.fpsr |= FpStatus.IOC;
    }
    return (fpcr & Fpcr.DN) != 0 ? defaultNaN() : x | quietBit();
  }

  /** FPProcessNaNs; at least one operand is a NaN. A signalling one goes first, then the first operand. */
  long nan(long a, long b, int fpcr, FpStatus status) {
    return nan(isSignalling(a) || !isSignalling(b) && isNaN(a) ? a : b, fpcr, status);
  }

  /** FPProcessNaNs3; at least one operand is a NaN. */
  long nan(long a, long b, long c, int fpcr, FpStatus status) {
    return isSignalling(a) || !isSignalling(b) && !isSignalling(c) && isNaN(a) ? nan(a, fpcr, status)
        : nan(b, c, fpcr, status);
  }

  /** The zero that an exact cancellation gives: negative only when rounding towards minus infinity. */
  long cancelled(int fpcr) {
    return zero(Fpcr.rounding(fpcr) == Rounding.MINUS ? 1 : 0);
  }

  /** Rounds in FPCR's mode; see {@link #round(int, int, long, int, int, FpStatus)}. */
  long round(int sign, int scale, long significand, int fpcr, FpStatus status) {
    return round(sign, scale, significand, Fpcr.rounding(fpcr), fpcr, status);
  }

  /**
   * FPRoundBase: the one place where results are rounded, flushed and found to overflow or underflow.
   *
   * @param sign 1 for negative
   * @param scale binary exponent of the significand's top bit
   * @param significand left-justified (bit 63 set); bit 0 is sticky
   * @param mode rounding mode
   * @param fpcr obeys FZ or FZ16, and AHP for half precision (arithmetic clears it, conversions don't)
   */
  long round(int sign, int scale, long significand, int mode, int fpcr, FpStatus status) {
    int biased = scale + bias();
    if (biased <= 0) {
      if ((fpcr & flush) != 0) {
        status.fpsr |= FpStatus.UFC;   // and no IXC: the pseudocode returns before rounding
        return zero(sign);
      }
      significand = Wide.shiftRightJam(significand, 1 - biased);
    }
    long rest = significand << fractionBits + 1;
    long bits = significand >>> 63 - fractionBits;
    if (rest != 0) {
      if (Rounding.up(mode, sign, (bits & 1) != 0, rest)) {
        bits++;                        // a carry out of the fraction raises the exponent by itself
      } else if (mode == Rounding.ODD) {
        bits |= 1;
      }
    }
    boolean alternative = this == HALF && (fpcr & Fpcr.AHP) != 0;
    if (biased > topExponent()) {
      return overflow(sign, mode, alternative, status);
    }
    bits += (long) Math.max(biased - 1, 0) << fractionBits;   // the leading one adds the exponent's last unit
    if (Long.compareUnsigned(bits, alternative ? magnitude(-1) : largest(0)) > 0) {   // 2^63 is possible
      return overflow(sign, mode, alternative, status);
    }
    if (rest != 0) {
      status.fpsr |= biased <= 0 ? FpStatus.IXC | FpStatus.UFC : FpStatus.IXC;   // tiny before rounding
    }
    return zero(sign) | bits;
  }

  private long overflow(int sign, int mode, boolean alternative, FpStatus status) {
    if (alternative) {
      status.fpsr |= FpStatus.IOC;     // saturates; neither overflow nor inexact
      return zero(sign) | magnitude(-1);
    }
    status.fpsr |= FpStatus.OFC | FpStatus.IXC;
    return overflowsToInfinity(mode, sign) ? infinity(sign) : largest(sign);
  }

  static boolean overflowsToInfinity(int mode, int sign) {
    return switch (mode) {
      case Rounding.TIE_EVEN, Rounding.TIE_AWAY -> true;
      case Rounding.PLUS -> sign == 0;
      case Rounding.MINUS -> sign != 0;
      default -> false;
    };
  }
}
