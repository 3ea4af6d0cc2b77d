// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.fp;

/**
 * SSE's scalar arithmetic in double precision on raw bits (Intel SDM vol. 1, chapters 10 and 11; vol. 2 for each instruction).
 *
 * <p>Every method takes MXCSR and adds to the flags of {@code status}; nothing is allocated, nothing thrown, every bit pattern is a legal
 * operand. What an unmasked exception means for the caller is in {@link SseStatus}. With all exceptions masked, to nearest, without DAZ and
 * FTZ, ordinary operands take the host's own arithmetic.
 */
public final class Sse64 {
  /** EFLAGS of a comparison: neither. */
  public static final int GREATER = 0;
  /** EFLAGS of a comparison: CF. */
  public static final int LESS = 1;
  /** EFLAGS of a comparison: ZF. */
  public static final int EQUAL = 0x40;
  /** EFLAGS of a comparison with a NaN: ZF, PF and CF. */
  public static final int UNORDERED = 0x45;

  private static final SseFormat F = SseFormat.DOUBLE;

  private Sse64() {}

  /** ADDSD: {@code a + b}. */
  public static long add(long a, long b, int mxcsr, SseStatus status) {
    double x = Double.longBitsToDouble(a);
    double y = Double.longBitsToDouble(b);
    double r = x + y;
    if (Mxcsr.likeHost(mxcsr) && Math.abs(r) <= Double.MAX_VALUE && ordinary(x) && ordinary(y)
        && ((status.flags & Mxcsr.PE) != 0 || exactSum(x, y, r))) {
      return Double.doubleToRawLongBits(r);
    }
    return SoftSse.add(F, a, b, 0, mxcsr, status);
  }

  /** SUBSD: {@code a - b}. */
  public static long sub(long a, long b, int mxcsr, SseStatus status) {
    double x = Double.longBitsToDouble(a);
    double y = Double.longBitsToDouble(b);
    double r = x - y;
    if (Mxcsr.likeHost(mxcsr) && Math.abs(r) <= Double.MAX_VALUE && ordinary(x) && ordinary(y)
        && ((status.flags & Mxcsr.PE) != 0 || exactSum(x, -y, r))) {
      return Double.doubleToRawLongBits(r);
    }
    return SoftSse.add(F, a, b, 1, mxcsr, status);
  }

  /** MULSD: {@code a * b}. */
  public static long mul(long a, long b, int mxcsr, SseStatus status) {
    double x = Double.longBitsToDouble(a);
    double y = Double.longBitsToDouble(b);
    double r = x * y;
    if (Mxcsr.likeHost(mxcsr) && surelyNormal(r) && normal(x) && normal(y) && ((status.flags & Mxcsr.PE) != 0 || exactProduct(x, y, r))) {
      return Double.doubleToRawLongBits(r);
    }
    return SoftSse.mul(F, a, b, mxcsr, status);
  }

  /** DIVSD: {@code a / b}. */
  public static long div(long a, long b, int mxcsr, SseStatus status) {
    double x = Double.longBitsToDouble(a);
    double y = Double.longBitsToDouble(b);
    double r = x / y;
    if (Mxcsr.likeHost(mxcsr) && surelyNormal(r) && normal(x) && normal(y) && ((status.flags & Mxcsr.PE) != 0 || exactQuotient(x, y, r))) {
      return Double.doubleToRawLongBits(r);
    }
    return SoftSse.div(F, a, b, mxcsr, status);
  }

  /** SQRTSD. */
  public static long sqrt(long a, int mxcsr, SseStatus status) {
    double x = Double.longBitsToDouble(a);
    double r = Math.sqrt(x);
    if (Mxcsr.likeHost(mxcsr) && normal(x) && normal(r) && ((status.flags & Mxcsr.PE) != 0 || exactRoot(x, r))) {
      return Double.doubleToRawLongBits(r);
    }
    return SoftSse.sqrt(F, a, mxcsr, status);
  }

  /** MINSD: the second operand if either is a NaN (IE) or both are zeros. */
  public static long min(long a, long b, int mxcsr, SseStatus status) {
    double x = Double.longBitsToDouble(a);
    double y = Double.longBitsToDouble(b);
    if (ordinary(x) && ordinary(y)) {
      return x < y ? a : b;
    }
    return SoftSse.min(F, a, b, 0, mxcsr, status);
  }

  /** MAXSD: the second operand if either is a NaN (IE) or both are zeros. */
  public static long max(long a, long b, int mxcsr, SseStatus status) {
    double x = Double.longBitsToDouble(a);
    double y = Double.longBitsToDouble(b);
    if (ordinary(x) && ordinary(y)) {
      return x > y ? a : b;
    }
    return SoftSse.min(F, a, b, 1, mxcsr, status);
  }

  /** UCOMISD: ZF, PF and CF as they are in EFLAGS; only signalling NaNs are invalid. */
  public static int ucomi(long a, long b, int mxcsr, SseStatus status) {
    double x = Double.longBitsToDouble(a);
    double y = Double.longBitsToDouble(b);
    if (ordinary(x) && ordinary(y)) {
      return x < y ? Sse64.LESS : x == y ? Sse64.EQUAL : Sse64.GREATER;
    }
    return SoftSse.compare(F, a, b, false, mxcsr, status);
  }

  /** COMISD: as {@link #ucomi}, but every NaN is invalid. */
  public static int comi(long a, long b, int mxcsr, SseStatus status) {
    double x = Double.longBitsToDouble(a);
    double y = Double.longBitsToDouble(b);
    if (ordinary(x) && ordinary(y)) {
      return x < y ? Sse64.LESS : x == y ? Sse64.EQUAL : Sse64.GREATER;
    }
    return SoftSse.compare(F, a, b, true, mxcsr, status);
  }

  /**
   * CMPSD: all ones if the predicate holds, else zero.
   *
   * @param predicate 0 equal, 1 less, 2 less or equal, 3 unordered, 4 to 7 the opposites of 0 to 3; 1, 2, 5, 6 take a quiet NaN as invalid
   */
  public static long cmp(long a, long b, int predicate, int mxcsr, SseStatus status) {
    boolean orders = (predicate + 1 & 2) != 0;
    int eflags = orders ? comi(a, b, mxcsr, status) : ucomi(a, b, mxcsr, status);
    return SoftSse.holds(predicate, eflags) ? -1 : 0;
  }

  /**
   * CVTSD2SI: to a signed integer by MXCSR's rounding control; out of range the integer indefinite (IE).
   *
   * @param width 32 or 64
   * @return the integer, sign-extended
   */
  public static long toInteger(long a, int width, int mxcsr, SseStatus status) {
    return SoftSse.toInteger(F, a, width, Mxcsr.rounding(mxcsr), mxcsr, status);
  }

  /**
   * CVTTSD2SI: as {@link #toInteger}, towards zero.
   *
   * @param width 32 or 64
   * @return the integer, sign-extended
   */
  public static long truncate(long a, int width, int mxcsr, SseStatus status) {
    double x = Double.longBitsToDouble(a);
    if (Math.abs(x) < (width == 32 ? 0x1p31 : 0x1p63) && ordinary(x)) {
      long r = (long) x;
      if (r != x) {
        status.flags |= Mxcsr.PE;
      }
      return r;
    }
    return SoftSse.toInteger(F, a, width, RoundingControl.ZERO, mxcsr, status);
  }

  /** CVTSI2SD: from a signed integer, sign-extended to 64 bits. */
  public static long fromInteger(long value, int mxcsr, SseStatus status) {
    if (Math.abs(value) <= 1L << 53 && value != Long.MIN_VALUE) {
      return Double.doubleToRawLongBits(value);
    }
    return SoftSse.fromInteger(F, value, mxcsr, status);
  }

  /**
   * ROUNDSD (SSE4.1): to an integral value.
   *
   * @param imm bits 1:0 rounding control, bit 2: MXCSR's instead, bit 3: without PE
   */
  public static long round(long a, int imm, int mxcsr, SseStatus status) {
    return SoftSse.integral(F, a, imm, mxcsr, status);
  }

  /** CVTSD2SS: to single precision. */
  public static int toSingle(long a, int mxcsr, SseStatus status) {
    double x = Double.longBitsToDouble(a);
    float r = (float) x;
    if (Mxcsr.likeHost(mxcsr) && Math.abs(r) > Float.MIN_NORMAL && Math.abs(r) <= Float.MAX_VALUE
        && ((status.flags & Mxcsr.PE) != 0 || r == x)) {
      return Float.floatToRawIntBits(r);
    }
    return (int) SoftSse.convert(F, SseFormat.SINGLE, a, mxcsr, status);
  }

  /** A normal number. */
  private static boolean normal(double x) {
    return Math.abs(x) >= Double.MIN_NORMAL && Math.abs(x) <= Double.MAX_VALUE;
  }

  /** A normal number that no tiny one was rounded up to. */
  private static boolean surelyNormal(double x) {
    return Math.abs(x) > Double.MIN_NORMAL && Math.abs(x) <= Double.MAX_VALUE;
  }

  /** A normal number or zero: neither DE nor IE can come of it. */
  private static boolean ordinary(double x) {
    return normal(x) || x == 0;
  }

  /** Knuth's two-sum: whether {@code r} is {@code x + y} exactly; finite. A NaN on the way says no. */
  private static boolean exactSum(double x, double y, double r) {
    double yy = r - x;
    return x - (r - yy) + (y - yy) == 0;
  }

  /** Whether the residual, which has to be a double itself, is zero; too small to be sure counts as no. */
  private static boolean exactProduct(double x, double y, double r) {
    return Math.abs(r) >= 0x1p-900 && Math.fma(x, y, -r) == 0;
  }

  private static boolean exactQuotient(double x, double y, double r) {
    return Math.abs(x) >= 0x1p-900 && Math.fma(r, y, -x) == 0;
  }

  private static boolean exactRoot(double x, double r) {
    return x >= 0x1p-900 && Math.fma(r, r, -x) == 0;
  }
}
