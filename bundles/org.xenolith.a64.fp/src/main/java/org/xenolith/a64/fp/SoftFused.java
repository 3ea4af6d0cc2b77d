// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.fp;

/** Products and sums with a single rounding: multiply-add and the Newton steps, on a 128-bit intermediate. */
final class SoftFused {
  private SoftFused() {}

  /** FPMulAdd: {@code addend + a * b}. */
  static long mulAdd(FpFormat f, long addend, long a, long b, int fpcr, FpStatus status) {
    addend = f.unpack(addend, fpcr, status);
    a = f.unpack(a, fpcr, status);
    b = f.unpack(b, fpcr, status);
    boolean impossible = f.isInfinity(a) && f.isZero(b) || f.isZero(a) && f.isInfinity(b);
    if (f.isNaN(addend) || f.isNaN(a) || f.isNaN(b)) {
      // A quiet addend doesn't hide that infinity times zero is invalid.
      return impossible && !f.isSignalling(addend) ? f.invalid(status) : f.nan(addend, a, b, fpcr, status);
    }
    int sign = f.sign(a) ^ f.sign(b);
    boolean infinite = f.isInfinity(a) || f.isInfinity(b);
    if (impossible || f.isInfinity(addend) && infinite && f.sign(addend) != sign) {
      return f.invalid(status);
    }
    if (f.isInfinity(addend)) {
      return addend;
    }
    if (infinite) {
      return f.infinity(sign);
    }
    if (f.isZero(a) || f.isZero(b)) {
      return !f.isZero(addend) || f.sign(addend) == sign ? addend : f.cancelled(fpcr);
    }
    return fused(f, addend, a, b, sign, 0, fpcr, status);
  }

  /** FPRecipStepFused: {@code 2 - a * b}. */
  static long recipStep(FpFormat f, long a, long b, int fpcr, FpStatus status) {
    return step(f, two(f), 0, a, b, fpcr, status);
  }

  /** FPRSqrtStepFused: {@code (3 - a * b) / 2}, halved before the rounding. */
  static long rsqrtStep(FpFormat f, long a, long b, int fpcr, FpStatus status) {
    return step(f, two(f) | f.quietBit(), 1, a, b, fpcr, status);
  }

  private static long step(FpFormat f, long constant, int halvings, long a, long b, int fpcr, FpStatus status) {
    a = f.unpack(a ^ f.zero(1), fpcr, status);   // negated first: a NaN result carries the flipped sign
    b = f.unpack(b, fpcr, status);
    if (f.isNaN(a) || f.isNaN(b)) {
      return f.nan(a, b, fpcr, status);
    }
    int sign = f.sign(a) ^ f.sign(b);
    boolean zero = f.isZero(a) || f.isZero(b);
    if (zero) {                                  // also infinity times zero: the constant itself, 2 or 3/2
      return halvings == 0 ? constant : constant - (1L << f.fractionBits());
    }
    if (f.isInfinity(a) || f.isInfinity(b)) {
      return f.infinity(sign);
    }
    return fused(f, constant, a, b, sign, halvings, fpcr, status);
  }

  /** The number two. */
  static long two(FpFormat f) {
    return (long) (f.bias() + 1) << f.fractionBits();
  }

  /** {@code (addend + a * b) / 2^halvings}; all finite, the product not zero, its sign given. */
  private static long fused(FpFormat f, long addend, long a, long b, int sign, int halvings, int fpcr, FpStatus status) {
    long x = f.significand(a);
    long y = f.significand(b);
    long high = Math.unsignedMultiplyHigh(x, y);
    long low = x * y;
    int scale = f.scale(a) + f.scale(b);
    if (high < 0) {                    // bring the top bit to bit 126; the lowest 22 bits are zero, none is lost
      low = high << 63 | low >>> 1;
      high >>>= 1;
      scale++;
    }
    if (f.isZero(addend)) {
      return f.round(sign, scale - halvings, high << 1 | low >>> 63 | Wide.sticky(low << 1), fpcr, status);
    }
    long addHigh = f.significand(addend) >>> 1;
    long addLow = 0;                   // 53 bits at most: the lower word is empty
    int distance = scale - f.scale(addend);
    if (distance >= 0) {
      addLow = lowJam(addHigh, 0, distance);
      addHigh = distance > 63 ? 0 : addHigh >>> distance;
    } else {
      low = lowJam(high, low, -distance);
      high = -distance > 63 ? 0 : high >>> -distance;
      scale -= distance;
    }
    if (f.sign(addend) == sign) {
      low += addLow;
      high += addHigh + (Long.compareUnsigned(low, addLow) < 0 ? 1 : 0);
    } else {
      long borrow = Long.compareUnsigned(low, addLow) < 0 ? 1 : 0;
      low -= addLow;
      high -= addHigh + borrow;
      if (high < 0) {                  // the addend was larger: take its sign
        sign ^= 1;
        high = low == 0 ? -high : ~high;
        low = -low;
      }
    }
    if ((high | low) == 0) {
      return f.cancelled(fpcr);
    }
    if (high == 0) {
      high = low;
      low = 0;
      scale -= 64;
    }
    int shift = Long.numberOfLeadingZeros(high);
    high = shift == 0 ? high : high << shift | low >>> -shift;
    return f.round(sign, scale + 1 - shift - halvings, high | Wide.sticky(low << shift), fpcr, status);
  }

  /** The low word of a 128-bit logical shift right, with everything pushed out kept in its bit 0. */
  private static long lowJam(long high, long low, int distance) {
    if (distance == 0) {
      return low;
    }
    if (distance < 64) {
      return high << -distance | low >>> distance | Wide.sticky(low << -distance);
    }
    return distance == 64 ? high | Wide.sticky(low) : Wide.shiftRightJam(high, distance - 64) | Wide.sticky(low);
  }
}
