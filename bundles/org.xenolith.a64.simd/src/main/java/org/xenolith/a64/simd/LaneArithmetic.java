// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.simd;

import static org.xenolith.a64.simd.Lanes.signs;

import org.xenolith.a64.crypto.Polynomial;

/** Arithmetic that wraps around, halves or rounds, lane by lane. */
public final class LaneArithmetic {
  private LaneArithmetic() {}

  /** ADD. */
  public static long add(long a, long b, int size) {
    long h = signs(size);
    return (a & ~h) + (b & ~h) ^ (a ^ b) & h;
  }

  /** SUB. */
  public static long sub(long a, long b, int size) {
    long h = signs(size);
    return (a | h) - (b & ~h) ^ (a ^ ~b) & h;
  }

  /** NEG. */
  public static long neg(long a, int size) {
    return sub(0, a, size);
  }

  /** ABS; the smallest number stays. */
  public static long abs(long a, int size) {
    long m = Lanes.spread(a & signs(size), size);
    return sub(a ^ m, m, size);
  }

  /** MUL: the low half of the product. */
  public static long mul(long a, long b, int size) {
    if (size == 3) {
      return a * b;
    }
    int bits = 8 << size;
    long mask = Lanes.mask(size);
    long r = 0;
    for (int i = 0; i < 64; i += bits) {
      r |= ((a >>> i) * (b >>> i) & mask) << i;
    }
    return r;
  }

  /** PMUL: the low eight bits of polynomial products over {0, 1}, lanes of eight bits. */
  public static long pmul(long a, long b) {
    long r = 0;
    for (int i = 0; i < 64; i += 8) {
      r |= (Polynomial.multiply8((int) (a >>> i) & 0xFF, (int) (b >>> i) & 0xFF) & 0xFFL) << i;
    }
    return r;
  }

  /** PMULL of the low four lanes of eight bits: four lanes of sixteen. */
  public static long pmull(long a, long b) {
    long r = 0;
    for (int i = 0; i < 4; i++) {
      long product = Polynomial.multiply8((int) (a >>> 8 * i) & 0xFF, (int) (b >>> 8 * i) & 0xFF) & 0xFFFFL;
      r |= product << 16 * i;
    }
    return r;
  }

  /** UHADD: half the sum, rounded down. */
  public static long uhadd(long a, long b, int size) {
    return add(a & b, (a ^ b) >>> 1 & ~signs(size), size);
  }

  /** SHADD. */
  public static long shadd(long a, long b, int size) {
    long h = signs(size);
    return uhadd(a ^ h, b ^ h, size) ^ h;
  }

  /** URHADD: half the sum, rounded up. */
  public static long urhadd(long a, long b, int size) {
    return sub(a | b, (a ^ b) >>> 1 & ~signs(size), size);
  }

  /** SRHADD. */
  public static long srhadd(long a, long b, int size) {
    long h = signs(size);
    return urhadd(a ^ h, b ^ h, size) ^ h;
  }

  /** UHSUB: half the difference, rounded down, its borrow shifted in. */
  public static long uhsub(long a, long b, int size) {
    return sub((a ^ b) >>> 1 & ~signs(size), ~a & b, size);
  }

  /** SHSUB. */
  public static long shsub(long a, long b, int size) {
    long h = signs(size);
    return uhsub(a ^ h, b ^ h, size);
  }

  /** UABD: absolute difference. */
  public static long uabd(long a, long b, int size) {
    return sub(LaneCompare.umax(a, b, size), LaneCompare.umin(a, b, size), size);
  }

  /** SABD. */
  public static long sabd(long a, long b, int size) {
    return sub(LaneCompare.smax(a, b, size), LaneCompare.smin(a, b, size), size);
  }
}
