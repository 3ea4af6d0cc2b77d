// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.fp;

/** Add, subtract, multiply, divide and square root in integer arithmetic: every operand, every mode, every flag. */
final class SoftArithmetic {
  private SoftArithmetic() {}

  /** FPAdd, or FPSub when {@code flip} is 1 (a NaN in {@code b} keeps its sign). */
  static long add(FpFormat f, long a, long b, int flip, int fpcr, FpStatus status) {
    a = f.unpack(a, fpcr, status);
    b = f.unpack(b, fpcr, status);
    if (f.isNaN(a) || f.isNaN(b)) {
      return f.nan(a, b, fpcr, status);
    }
    b ^= f.zero(flip);
    int signA = f.sign(a);
    int signB = f.sign(b);
    if (f.isInfinity(a)) {
      return f.isInfinity(b) && signA != signB ? f.invalid(status) : a;
    }
    if (f.isInfinity(b)) {
      return b;
    }
    if (f.isZero(a)) {
      return !f.isZero(b) || signA == signB ? b : f.cancelled(fpcr);
    }
    if (f.isZero(b)) {
      return a;
    }
    return f.magnitude(a) >= f.magnitude(b) ? sum(f, a, b, fpcr, status) : sum(f, b, a, fpcr, status);
  }

  /** Both finite and non-zero, {@code |a| >= |b|}. */
  private static long sum(FpFormat f, long a, long b, int fpcr, FpStatus status) {
    int scale = f.scale(a);
    // One bit of headroom above; ten below keep a difference exact unless it cancels at most one bit.
    long large = f.significand(a) >>> 1;
    long small = Wide.shiftRightJam(f.significand(b) >>> 1, scale - f.scale(b));
    long sum = f.sign(a) == f.sign(b) ? large + small : large - small;
    if (sum == 0) {
      return f.cancelled(fpcr);
    }
    int shift = Long.numberOfLeadingZeros(sum);
    return f.round(f.sign(a), scale + 1 - shift, sum << shift, fpcr, status);
  }

  /** FPMul; with {@code extended} FPMulX, where infinity times zero is two. */
  static long mul(FpFormat f, long a, long b, boolean extended, int fpcr, FpStatus status) {
    a = f.unpack(a, fpcr, status);
    b = f.unpack(b, fpcr, status);
    if (f.isNaN(a) || f.isNaN(b)) {
      return f.nan(a, b, fpcr, status);
    }
    int sign = f.sign(a) ^ f.sign(b);
    boolean infinite = f.isInfinity(a) || f.isInfinity(b);
    if (f.isZero(a) || f.isZero(b)) {
      return !infinite ? f.zero(sign) : extended ? f.zero(sign) | SoftFused.two(f) : f.invalid(status);
    }
    if (infinite) {
      return f.infinity(sign);
    }
    long x = f.significand(a);
    long y = f.significand(b);
    long high = Math.unsignedMultiplyHigh(x, y);
    long low = x * y;
    int scale = f.scale(a) + f.scale(b) + 1;
    if (high >= 0) {
      high = high << 1 | low >>> 63;
      low <<= 1;
      scale--;
    }
    return f.round(sign, scale, high | Wide.sticky(low), fpcr, status);
  }

  /** FPDiv. */
  static long div(FpFormat f, long a, long b, int fpcr, FpStatus status) {
    a = f.unpack(a, fpcr, status);
    b = f.unpack(b, fpcr, status);
    if (f.isNaN(a) || f.isNaN(b)) {
      return f.nan(a, b, fpcr, status);
    }
    int sign = f.sign(a) ^ f.sign(b);
    if (f.isInfinity(a)) {
      return f.isInfinity(b) ? f.invalid(status) : f.infinity(sign);
    }
    if (f.isZero(b)) {
      if (f.isZero(a)) {
        return f.invalid(status);
      }
      status.fpsr |= FpStatus.DZC;
      return f.infinity(sign);
    }
    if (f.isZero(a) || f.isInfinity(b)) {
      return f.zero(sign);
    }
    int scale = f.scale(a) - f.scale(b);
    long rest = f.significand(a) >>> 11;
    long divisor = f.significand(b) >>> 11;
    if (rest < divisor) {
      rest <<= 1;
      scale--;
    }
    long quotient = 1;                 // then six digits of ten bits: 61 bits, the first one set
    rest -= divisor;
    for (int digit = 0; digit < 6; digit++) {
      rest <<= 10;
      long q = rest / divisor;
      quotient = quotient << 10 | q;
      rest -= q * divisor;
    }
    return f.round(sign, scale, quotient << 3 | Wide.sticky(rest), fpcr, status);
  }

  /** FPSqrt. */
  static long sqrt(FpFormat f, long a, int fpcr, FpStatus status) {
    a = f.unpack(a, fpcr, status);
    if (f.isNaN(a)) {
      return f.nan(a, fpcr, status);
    }
    if (f.isZero(a)) {
      return a;
    }
    if (f.sign(a) != 0) {
      return f.invalid(status);
    }
    if (f.isInfinity(a)) {
      return a;
    }
    int scale = f.scale(a);
    long radicand = f.significand(a) >>> 11 - (scale & 1);   // 54 bits: in [1, 4) with 52 bits of fraction
    long root = 0;
    long rest = 0;
    for (int bit = 0; bit < 56; bit++) {                     // pairs of bits from the top, then zeros
      rest = rest << 2 | radicand >>> 52 & 3;
      radicand <<= 2;
      long trial = root << 2 | 1;
      root <<= 1;
      if (rest >= trial) {
        rest -= trial;
        root |= 1;
      }
    }
    return f.round(0, scale >> 1, root << 8 | Wide.sticky(rest), fpcr, status);
  }
}
