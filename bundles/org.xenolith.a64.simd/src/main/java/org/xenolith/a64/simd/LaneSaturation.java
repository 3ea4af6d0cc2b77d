// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.simd;

import static org.xenolith.a64.simd.Lanes.signs;
import static org.xenolith.a64.simd.Lanes.spread;

import org.xenolith.a64.fp.FpStatus;

/** Arithmetic that stops at the ends of its range and sets QC, lane by lane. */
public final class LaneSaturation {
  private LaneSaturation() {}

  /** SQADD. */
  public static long sqadd(long a, long b, int size, FpStatus status) {
    long r = LaneArithmetic.add(a, b, size);
    return limit(a, r, (a ^ r) & (b ^ r) & signs(size), size, status);
  }

  /** SQSUB. */
  public static long sqsub(long a, long b, int size, FpStatus status) {
    long r = LaneArithmetic.sub(a, b, size);
    return limit(a, r, (a ^ b) & (a ^ r) & signs(size), size, status);
  }

  /** Lanes marked in {@code overflow} become the limit that has the sign of {@code a}. */
  private static long limit(long a, long r, long overflow, int size, FpStatus status) {
    if (overflow == 0) {
      return r;
    }
    status.fpsr |= FpStatus.QC;
    return LaneCompare.select(spread(overflow, size), ~signs(size) ^ LaneCompare.negative(a, size), r);
  }

  /** UQADD. */
  public static long uqadd(long a, long b, int size, FpStatus status) {
    long r = LaneArithmetic.add(a, b, size);
    long carry = (a & b | (a | b) & ~r) & signs(size);
    if (carry == 0) {
      return r;
    }
    status.fpsr |= FpStatus.QC;
    return r | spread(carry, size);
  }

  /** UQSUB. */
  public static long uqsub(long a, long b, int size, FpStatus status) {
    long r = LaneArithmetic.sub(a, b, size);
    long borrow = (~a & b | ~(a ^ b) & r) & signs(size);
    if (borrow == 0) {
      return r;
    }
    status.fpsr |= FpStatus.QC;
    return r & ~spread(borrow, size);
  }

  /** SUQADD: signed {@code d} plus unsigned {@code n}, signed. */
  public static long suqadd(long d, long n, int size, FpStatus status) {
    long h = signs(size);
    return uqadd(d ^ h, n, size, status) ^ h;
  }

  /** USQADD: unsigned {@code d} plus signed {@code n}, unsigned. */
  public static long usqadd(long d, long n, int size, FpStatus status) {
    long negative = LaneCompare.negative(n, size);
    long up = uqadd(d, n & ~negative, size, status);
    return uqsub(up, LaneArithmetic.neg(n, size) & negative, size, status);
  }

  /** SQABS. */
  public static long sqabs(long a, int size, FpStatus status) {
    long r = LaneArithmetic.abs(a, size);
    return belowMinimum(r, r & signs(size), size, status);
  }

  /** SQNEG. */
  public static long sqneg(long a, int size, FpStatus status) {
    long r = LaneArithmetic.neg(a, size);
    return belowMinimum(r, r & a & signs(size), size, status);
  }

  /** Lanes where the negation of the smallest number came out as itself become the largest. */
  private static long belowMinimum(long r, long overflow, int size, FpStatus status) {
    if (overflow == 0) {
      return r;
    }
    status.fpsr |= FpStatus.QC;
    return r ^ spread(overflow, size);
  }

  /** SQDMULH, or SQRDMULH if {@code rounding}: the high half of the doubled product, lanes of 16 or 32 bits. */
  public static long sqdmulh(long a, long b, int size, boolean rounding, FpStatus status) {
    int bits = 8 << size;
    long mask = Lanes.mask(size);
    long add = rounding ? 1L << bits - 2 : 0;
    long most = mask >>> 1;
    long r = 0;
    for (int i = 0; i < 64; i += bits) {
      long high = Lanes.signed(a >>> i, size) * Lanes.signed(b >>> i, size) + add >> bits - 1;
      if (high > most) {
        high = most;
        status.fpsr |= FpStatus.QC;
      }
      r |= (high & mask) << i;
    }
    return r;
  }

  /** SQDMULL on operands already widened to {@code size} (2 or 3): the doubled product. */
  public static long sqdmull(long a, long b, int size, FpStatus status) {
    int bits = 8 << size;
    long mask = Lanes.mask(size);
    long r = 0;
    for (int i = 0; i < 64; i += bits) {
      long product = Lanes.signed(a >>> i, size) * Lanes.signed(b >>> i, size);
      if (product == 1L << bits - 2) {
        product = mask >>> 1;
        status.fpsr |= FpStatus.QC;
      } else {
        product <<= 1;
      }
      r |= (product & mask) << i;
    }
    return r;
  }
}
