// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.fp;

/** Reciprocal and reciprocal square root estimates: 8-bit results computed as the manual's RecipEstimate functions define. */
final class SoftEstimate {
  private SoftEstimate() {}

  /** RecipEstimate: from 9 bits, [256, 511] standing for [0.5, 1), to 9 bits standing for [1, 2). */
  static int recip(int a) {
    return ((1 << 19) / (a * 2 + 1) + 1) / 2;
  }

  /** RecipSqrtEstimate: from 9 bits, [128, 511] standing for [0.25, 1), to 9 bits standing for [1, 2). */
  static int recipSqrt(int a) {
    int middle = a < 256 ? a * 2 + 1 : (a >> 1 << 1) * 2 + 2;
    int b = 512;
    while (middle * (b + 1) * (b + 1) < 1 << 28) {
      b++;
    }
    return (b + 1) / 2;
  }

  /** FPRecipEstimate. */
  static long recip(FpFormat f, long x, int fpcr, FpStatus status) {
    x = f.unpack(x, fpcr, status);
    int sign = f.sign(x);
    if (f.isNaN(x)) {
      return f.nan(x, fpcr, status);
    }
    if (f.isInfinity(x)) {
      return f.zero(sign);
    }
    if (f.isZero(x)) {
      status.fpsr |= FpStatus.DZC;
      return f.infinity(sign);
    }
    int scale = f.scale(x);
    if (scale < -f.bias() - 1) {
      status.fpsr |= FpStatus.OFC | FpStatus.IXC;
      return FpFormat.overflowsToInfinity(Fpcr.rounding(fpcr), sign) ? f.infinity(sign) : f.largest(sign);
    }
    if ((fpcr & f.flush()) != 0 && scale >= f.bias() - 1) {
      status.fpsr |= FpStatus.UFC;
      return f.zero(sign);
    }
    int exponent = f.bias() - 1 - scale;         // biased, of the result: the estimate lies in [1, 2)
    long fraction = (long) recip((int) (f.significand(x) >>> 55)) << f.fractionBits() - 8;
    // A result below the normal range is shifted, not rounded; at most two places.
    return f.zero(sign) | (exponent > 0 ? (long) exponent << f.fractionBits() | f.fraction(fraction)
        : fraction >>> 1 - exponent);
  }

  /** FPRSqrtEstimate. */
  static long recipSqrt(FpFormat f, long x, int fpcr, FpStatus status) {
    x = f.unpack(x, fpcr, status);
    if (f.isNaN(x)) {
      return f.nan(x, fpcr, status);
    }
    if (f.isZero(x)) {
      status.fpsr |= FpStatus.DZC;
      return f.infinity(f.sign(x));
    }
    if (f.sign(x) != 0) {
      return f.invalid(status);
    }
    if (f.isInfinity(x)) {
      return f.zero(0);
    }
    int scale = f.scale(x);
    // An odd scale gives an operand in [0.5, 1), an even one in [0.25, 0.5): the same power of four is left over.
    int estimate = recipSqrt((int) (f.significand(x) >>> 56 - (scale & 1)));
    long exponent = f.bias() - 1 - (scale >> 1);
    return exponent << f.fractionBits() | f.fraction((long) estimate << f.fractionBits() - 8);
  }

  /** FPRecpX: the exponent inverted, the fraction cleared. */
  static long recipExponent(FpFormat f, long x, int fpcr, FpStatus status) {
    x = f.unpack(x, fpcr, status);
    if (f.isNaN(x)) {
      return f.nan(x, fpcr, status);
    }
    int exponent = f.exponent(x) == 0 ? f.topExponent() - 1 : ~f.exponent(x) & f.topExponent();
    return f.zero(f.sign(x)) | (long) exponent << f.fractionBits();
  }
}
