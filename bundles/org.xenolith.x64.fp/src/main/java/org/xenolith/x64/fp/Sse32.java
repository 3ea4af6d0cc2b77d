// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.fp;

/**
 * SSE's scalar arithmetic in single precision on raw bits (Intel SDM vol. 1, chapters 10 and 11; vol. 2 for each instruction).
 *
 * <p>Every method takes MXCSR and adds to the flags of {@code status}; nothing is allocated, nothing thrown, every bit pattern is a legal
 * operand. What an unmasked exception means for the caller is in {@link SseStatus}. With all exceptions masked, to nearest, without DAZ and
 * FTZ, ordinary operands take the host's own arithmetic.
 */
public final class Sse32 {
  private static final SseFormat F = SseFormat.SINGLE;
  /** Widens without sign. */
  private static final long M = 0xFFFF_FFFFL;

  private Sse32() {}

  /** ADDSS: {@code a + b}. */
  public static int add(int a, int b, int mxcsr, SseStatus status) {
    float x = Float.intBitsToFloat(a);
    float y = Float.intBitsToFloat(b);
    float r = x + y;
    if (Mxcsr.likeHost(mxcsr) && Math.abs(r) <= Float.MAX_VALUE && ordinary(x) && ordinary(y)
        && ((status.flags & Mxcsr.PE) != 0 || exactSum(x, y, r))) {
      return Float.floatToRawIntBits(r);
    }
    return (int) SoftSse.add(F, a & M, b & M, 0, mxcsr, status);
  }

  /** SUBSS: {@code a - b}. */
  public static int sub(int a, int b, int mxcsr, SseStatus status) {
    float x = Float.intBitsToFloat(a);
    float y = Float.intBitsToFloat(b);
    float r = x - y;
    if (Mxcsr.likeHost(mxcsr) && Math.abs(r) <= Float.MAX_VALUE && ordinary(x) && ordinary(y)
        && ((status.flags & Mxcsr.PE) != 0 || exactSum(x, -y, r))) {
      return Float.floatToRawIntBits(r);
    }
    return (int) SoftSse.add(F, a & M, b & M, 1, mxcsr, status);
  }

  /** MULSS: {@code a * b}. */
  public static int mul(int a, int b, int mxcsr, SseStatus status) {
    float x = Float.intBitsToFloat(a);
    float y = Float.intBitsToFloat(b);
    float r = x * y;
    if (Mxcsr.likeHost(mxcsr) && surelyNormal(r) && normal(x) && normal(y) && ((status.flags & Mxcsr.PE) != 0 || exactProduct(x, y, r))) {
      return Float.floatToRawIntBits(r);
    }
    return (int) SoftSse.mul(F, a & M, b & M, mxcsr, status);
  }

  /** DIVSS: {@code a / b}. */
  public static int div(int a, int b, int mxcsr, SseStatus status) {
    float x = Float.intBitsToFloat(a);
    float y = Float.intBitsToFloat(b);
    float r = x / y;
    if (Mxcsr.likeHost(mxcsr) && surelyNormal(r) && normal(x) && normal(y) && ((status.flags & Mxcsr.PE) != 0 || exactQuotient(x, y, r))) {
      return Float.floatToRawIntBits(r);
    }
    return (int) SoftSse.div(F, a & M, b & M, mxcsr, status);
  }

  /** SQRTSS. */
  public static int sqrt(int a, int mxcsr, SseStatus status) {
    float x = Float.intBitsToFloat(a);
    float r = (float) Math.sqrt(x);
    if (Mxcsr.likeHost(mxcsr) && normal(x) && normal(r) && ((status.flags & Mxcsr.PE) != 0 || exactRoot(x, r))) {
      return Float.floatToRawIntBits(r);
    }
    return (int) SoftSse.sqrt(F, a & M, mxcsr, status);
  }

  /** MINSS: the second operand if either is a NaN (IE) or both are zeros. */
  public static int min(int a, int b, int mxcsr, SseStatus status) {
    float x = Float.intBitsToFloat(a);
    float y = Float.intBitsToFloat(b);
    if (ordinary(x) && ordinary(y)) {
      return x < y ? a : b;
    }
    return (int) SoftSse.min(F, a & M, b & M, 0, mxcsr, status);
  }

  /** MAXSS: the second operand if either is a NaN (IE) or both are zeros. */
  public static int max(int a, int b, int mxcsr, SseStatus status) {
    float x = Float.intBitsToFloat(a);
    float y = Float.intBitsToFloat(b);
    if (ordinary(x) && ordinary(y)) {
      return x > y ? a : b;
    }
    return (int) SoftSse.min(F, a & M, b & M, 1, mxcsr, status);
  }

  /** UCOMISS: ZF, PF and CF as they are in EFLAGS; only signalling NaNs are invalid. */
  public static int ucomi(int a, int b, int mxcsr, SseStatus status) {
    float x = Float.intBitsToFloat(a);
    float y = Float.intBitsToFloat(b);
    if (ordinary(x) && ordinary(y)) {
      return x < y ? Sse64.LESS : x == y ? Sse64.EQUAL : Sse64.GREATER;
    }
    return SoftSse.compare(F, a & M, b & M, false, mxcsr, status);
  }

  /** COMISS: as {@link #ucomi}, but every NaN is invalid. */
  public static int comi(int a, int b, int mxcsr, SseStatus status) {
    float x = Float.intBitsToFloat(a);
    float y = Float.intBitsToFloat(b);
    if (ordinary(x) && ordinary(y)) {
      return x < y ? Sse64.LESS : x == y ? Sse64.EQUAL : Sse64.GREATER;
    }
    return SoftSse.compare(F, a & M, b & M, true, mxcsr, status);
  }

  /**
   * CMPSS: all ones if the predicate holds, else zero.
   *
   * @param predicate 0 equal, 1 less, 2 less or equal, 3 unordered, 4 to 7 the opposites of 0 to 3; 1, 2, 5, 6 take a quiet NaN as invalid
   */
  public static int cmp(int a, int b, int predicate, int mxcsr, SseStatus status) {
    boolean orders = (predicate + 1 & 2) != 0;
    int eflags = orders ? comi(a, b, mxcsr, status) : ucomi(a, b, mxcsr, status);
    return SoftSse.holds(predicate, eflags) ? -1 : 0;
  }

  /**
   * CVTSS2SI: to a signed integer by MXCSR's rounding control; out of range the integer indefinite (IE).
   *
   * @param width 32 or 64
   * @return the integer, sign-extended
   */
  public static long toInteger(int a, int width, int mxcsr, SseStatus status) {
    return SoftSse.toInteger(F, a & M, width, Mxcsr.rounding(mxcsr), mxcsr, status);
  }

  /**
   * CVTTSS2SI: as {@link #toInteger}, towards zero.
   *
   * @param width 32 or 64
   * @return the integer, sign-extended
   */
  public static long truncate(int a, int width, int mxcsr, SseStatus status) {
    float x = Float.intBitsToFloat(a);
    if (Math.abs(x) < (width == 32 ? 0x1p31f : 0x1p63f) && ordinary(x)) {
      long r = (long) x;
      if (r != x) {
        status.flags |= Mxcsr.PE;
      }
      return r;
    }
    return SoftSse.toInteger(F, a & M, width, RoundingControl.ZERO, mxcsr, status);
  }

  /** CVTSI2SS: from a signed integer, sign-extended to 64 bits. */
  public static int fromInteger(long value, int mxcsr, SseStatus status) {
    if (Math.abs(value) <= 1L << 24 && value != Long.MIN_VALUE) {
      return Float.floatToRawIntBits(value);
    }
    return (int) SoftSse.fromInteger(F, value, mxcsr, status);
  }

  /**
   * ROUNDSS (SSE4.1): to an integral value.
   *
   * @param imm bits 1:0 rounding control, bit 2: MXCSR's instead, bit 3: without PE
   */
  public static int round(int a, int imm, int mxcsr, SseStatus status) {
    return (int) SoftSse.integral(F, a & M, imm, mxcsr, status);
  }

  /** CVTSS2SD: to double precision. */
  public static long toDouble(int a, int mxcsr, SseStatus status) {
    float x = Float.intBitsToFloat(a);
    if (ordinary(x)) {
      return Double.doubleToRawLongBits(x);
    }
    return SoftSse.convert(F, SseFormat.DOUBLE, a & M, mxcsr, status);
  }

  /** A normal number. */
  private static boolean normal(float x) {
    return Math.abs(x) >= Float.MIN_NORMAL && Math.abs(x) <= Float.MAX_VALUE;
  }

  /** A normal number that no tiny one was rounded up to. */
  private static boolean surelyNormal(float x) {
    return Math.abs(x) > Float.MIN_NORMAL && Math.abs(x) <= Float.MAX_VALUE;
  }

  /** A normal number or zero: neither DE nor IE can come of it. */
  private static boolean ordinary(float x) {
    return normal(x) || x == 0;
  }

  /** Knuth's two-sum: whether {@code r} is {@code x + y} exactly; finite. A NaN on the way says no. */
  private static boolean exactSum(float x, float y, float r) {
    float yy = r - x;
    return x - (r - yy) + (y - yy) == 0;
  }

  /** Products of singles are exact in double. */
  private static boolean exactProduct(float x, float y, float r) {
    return (double) x * y == r;
  }

  private static boolean exactQuotient(float x, float y, float r) {
    return (double) r * y == x;
  }

  private static boolean exactRoot(float x, float r) {
    return (double) r * r == x;
  }
}
