// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.simd;

import static org.xenolith.a64.simd.Lanes.signs;
import static org.xenolith.a64.simd.Lanes.spread;

/** Comparisons, giving lanes of all ones or all zeros, and what follows from them. */
public final class LaneCompare {
  private LaneCompare() {}

  /** Lanes of all ones where {@code a} has a bit set. */
  public static long nonzero(long a, int size) {
    long h = signs(size);
    return spread(((a & ~h) + ~h | a) & h, size);
  }

  /** CMEQ. */
  public static long eq(long a, long b, int size) {
    return ~nonzero(a ^ b, size);
  }

  /** CMTST: lanes that have a set bit in common. */
  public static long tst(long a, long b, int size) {
    return nonzero(a & b, size);
  }

  /** CMHI with its operands exchanged: unsigned lower. */
  public static long lo(long a, long b, int size) {
    long borrow = ~a & b | ~(a ^ b) & LaneArithmetic.sub(a, b, size);
    return spread(borrow & signs(size), size);
  }

  /** CMHI: unsigned higher. */
  public static long hi(long a, long b, int size) {
    return lo(b, a, size);
  }

  /** CMHS: unsigned higher or same. */
  public static long hs(long a, long b, int size) {
    return ~lo(a, b, size);
  }

  /** CMGT. */
  public static long gt(long a, long b, int size) {
    long h = signs(size);
    return lo(b ^ h, a ^ h, size);
  }

  /** CMGE. */
  public static long ge(long a, long b, int size) {
    long h = signs(size);
    return ~lo(a ^ h, b ^ h, size);
  }

  /** CMLT against zero: the sign spread. */
  public static long negative(long a, int size) {
    return spread(a & signs(size), size);
  }

  /** BSL: {@code a} where the mask is set, {@code b} elsewhere. */
  public static long select(long mask, long a, long b) {
    return b ^ (a ^ b) & mask;
  }

  /** UMAX. */
  public static long umax(long a, long b, int size) {
    return select(lo(a, b, size), b, a);
  }

  /** UMIN. */
  public static long umin(long a, long b, int size) {
    return select(lo(a, b, size), a, b);
  }

  /** SMAX. */
  public static long smax(long a, long b, int size) {
    return select(gt(a, b, size), a, b);
  }

  /** SMIN. */
  public static long smin(long a, long b, int size) {
    return select(gt(a, b, size), b, a);
  }
}
