// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.fp;

/** Rounding to integral values, and conversions between floating-point and (fixed-point) integers. */
final class SoftRound {
  private SoftRound() {}

  /** FPRoundInt. */
  static long integral(FpFormat f, long x, int mode, boolean exact, int fpcr, FpStatus status) {
    x = f.unpack(x, fpcr, status);
    if (f.isNaN(x)) {
      return f.nan(x, fpcr, status);
    }
    if (f.isInfinity(x) || f.isZero(x) || f.scale(x) >= f.fractionBits()) {
      return x;
    }
    long rest = rest(f.significand(x), f.scale(x));
    if (rest != 0 && exact) {
      status.fpsr |= FpStatus.IXC;
    }
    long integer = whole(f.significand(x), f.scale(x));
    integer += Rounding.up(mode, f.sign(x), (integer & 1) != 0, rest) ? 1 : 0;
    if (integer == 0) {
      return f.zero(f.sign(x));
    }
    int shift = Long.numberOfLeadingZeros(integer);
    return f.round(f.sign(x), 63 - shift, integer << shift, mode, 0, status);
  }

  /** FPToFixed: the result is zero-extended from {@code width} bits. */
  static long toFixed(FpFormat f, long x, int width, int fractionBits, boolean unsigned, int mode, int fpcr,
      FpStatus status) {
    x = f.unpack(x, fpcr, status);
    if (f.isNaN(x)) {
      status.fpsr |= FpStatus.IOC;
      return 0;
    }
    if (f.isZero(x)) {
      return 0;
    }
    int sign = f.sign(x);
    int scale = f.scale(x) + fractionBits;
    long most = unsigned ? (sign != 0 ? 0 : -1L >>> 64 - width) : (-1L >>> 65 - width) + sign;
    if (f.isInfinity(x) || scale > 63) {
      return saturated(most, sign, width, status);
    }
    long rest = rest(f.significand(x), scale);
    long integer = whole(f.significand(x), scale);
    integer += Rounding.up(mode, sign, (integer & 1) != 0, rest) ? 1 : 0;
    if (Long.compareUnsigned(integer, most) > 0) {
      return saturated(most, sign, width, status);
    }
    if (rest != 0) {
      status.fpsr |= FpStatus.IXC;
    }
    return (sign == 0 ? integer : -integer) & -1L >>> 64 - width;
  }

  private static long saturated(long most, int sign, int width, FpStatus status) {
    status.fpsr |= FpStatus.IOC;
    return (sign == 0 ? most : -most) & -1L >>> 64 - width;
  }

  /** FixedToFP of a 64-bit value that the caller has sign- or zero-extended. */
  static long fromFixed(FpFormat f, long value, int fractionBits, boolean unsigned, int mode, int fpcr,
      FpStatus status) {
    if (value == 0) {
      return 0;
    }
    int sign = unsigned || value > 0 ? 0 : 1;
    long magnitude = sign == 0 ? value : -value;
    int shift = Long.numberOfLeadingZeros(magnitude);
    return f.round(sign, 63 - shift - fractionBits, magnitude << shift, mode, fpcr & ~Fpcr.AHP, status);
  }

  /** The integer part of a left-justified significand. */
  private static long whole(long significand, int scale) {
    return scale < 0 ? 0 : significand >>> 63 - scale;
  }

  /** The fraction that {@link #whole} leaves, left-justified: one half is bit 63; less than one unit of bit 0 is jammed. */
  private static long rest(long significand, int scale) {
    return scale >= 63 ? 0 : scale >= 0 ? significand << scale + 1 : Wide.shiftRightJam(significand, -1 - scale);
  }
}
