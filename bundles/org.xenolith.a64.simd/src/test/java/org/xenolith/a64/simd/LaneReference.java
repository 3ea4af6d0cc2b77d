// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.simd;

import java.math.BigInteger;

/** One lane as an unbounded number, so that no width of the host's arithmetic can hide a mistake. */
final class LaneReference {
  final int bits;
  boolean saturated;

  LaneReference(int size) {
    bits = 8 << size;
  }

  static BigInteger unsigned(long half, int index, int size) {
    int bits = 8 << size;
    BigInteger value = BigInteger.valueOf(half).shiftRight(index * bits).mod(BigInteger.ONE.shiftLeft(bits));
    return value;
  }

  static BigInteger signed(long half, int index, int size) {
    BigInteger value = unsigned(half, index, size);
    int bits = 8 << size;
    return value.testBit(bits - 1) ? value.subtract(BigInteger.ONE.shiftLeft(bits)) : value;
  }

  /** The low bits of each lane's value, put together. */
  static long join(BigInteger[] lanes, int size) {
    int bits = 8 << size;
    BigInteger half = BigInteger.ZERO;
    for (int i = 0; i < lanes.length; i++) {
      BigInteger low = lanes[i].mod(BigInteger.ONE.shiftLeft(bits));
      half = half.or(low.shiftLeft(i * bits));
    }
    return half.longValue();
  }

  BigInteger limitSigned(BigInteger value) {
    BigInteger top = BigInteger.ONE.shiftLeft(bits - 1);
    return limit(value, top.negate(), top.subtract(BigInteger.ONE));
  }

  BigInteger limitUnsigned(BigInteger value) {
    return limit(value, BigInteger.ZERO, BigInteger.ONE.shiftLeft(bits).subtract(BigInteger.ONE));
  }

  private BigInteger limit(BigInteger value, BigInteger least, BigInteger most) {
    if (value.compareTo(least) < 0) {
      saturated = true;
      return least;
    }
    if (value.compareTo(most) > 0) {
      saturated = true;
      return most;
    }
    return value;
  }

  BigInteger mask(boolean set) {
    return set ? BigInteger.ONE.negate() : BigInteger.ZERO;
  }

  /** By a signed amount, to the left if positive; rounded to nearest with ties up on the way right. */
  static BigInteger shift(BigInteger value, int amount, boolean rounding) {
    if (amount >= 0) {
      return value.shiftLeft(amount);
    }
    return (rounding ? value.add(BigInteger.ONE.shiftLeft(-amount - 1)) : value).shiftRight(-amount);
  }
}
