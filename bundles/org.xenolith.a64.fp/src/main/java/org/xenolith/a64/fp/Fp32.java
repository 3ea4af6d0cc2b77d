// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.fp;

/**
 * Single-precision arithmetic on raw bits (Arm ARM, shared/functions/float). Operands and results are 32 bits in an {@code int}.
 *
 * <p>Every method takes FPCR and adds to the cumulative flags of {@code status}; nothing is allocated, nothing thrown,
 * every bit pattern is a legal operand. Rounding to nearest
 * without flushing runs on the host's own (strict) arithmetic where the result shows that no flag but IXC can arise.
 */
public final class Fp32 {
  private static final FpFormat F = FpFormat.SINGLE;
  private static final long LOW = 0xFFFF_FFFFL;

  private Fp32() {}

  /** FADD: {@code n + m}. */
  public static int add(int n, int m, int fpcr, FpStatus status) {
    float x = Float.intBitsToFloat(n);
    float y = Float.intBitsToFloat(m);
    float r = x + y;
    if ((fpcr & Fpcr.UNLIKE_HOST) == 0 && Math.abs(r) <= Float.MAX_VALUE
        && ((status.fpsr & FpStatus.IXC) != 0 || exactSum(x, y, r))) {
      return Float.floatToRawIntBits(r);
    }
    return (int) SoftArithmetic.add(F, n & LOW, m & LOW, 0, fpcr, status);
  }

  /** FSUB: {@code n - m}. */
  public static int sub(int n, int m, int fpcr, FpStatus status) {
    float x = Float.intBitsToFloat(n);
    float y = Float.intBitsToFloat(m);
    float r = x - y;
    if ((fpcr & Fpcr.UNLIKE_HOST) == 0 && Math.abs(r) <= Float.MAX_VALUE
        && ((status.fpsr & FpStatus.IXC) != 0 || exactSum(x, -y, r))) {
      return Float.floatToRawIntBits(r);
    }
    return (int) SoftArithmetic.add(F, n & LOW, m & LOW, 1, fpcr, status);
  }

  /** FABD: {@code |n - m|}. */
  public static int abd(int n, int m, int fpcr, FpStatus status) {
    return abs(sub(n, m, fpcr, status));
  }

  /** FMUL: {@code n * m}. */
  public static int mul(int n, int m, int fpcr, FpStatus status) {
    float x = Float.intBitsToFloat(n);
    float y = Float.intBitsToFloat(m);
    float r = x * y;
    if ((fpcr & Fpcr.UNLIKE_HOST) == 0 && normal(r) && ((status.fpsr & FpStatus.IXC) != 0 || exactProduct(x, y, r))) {
      return Float.floatToRawIntBits(r);
    }
    return (int) SoftArithmetic.mul(F, n & LOW, m & LOW, false, fpcr, status);
  }

  /** FMULX: {@code n * m}, but infinity times zero is two. */
  public static int mulx(int n, int m, int fpcr, FpStatus status) {
    float x = Float.intBitsToFloat(n);
    float y = Float.intBitsToFloat(m);
    float r = x * y;
    if ((fpcr & Fpcr.UNLIKE_HOST) == 0 && normal(r) && ((status.fpsr & FpStatus.IXC) != 0 || exactProduct(x, y, r))) {
      return Float.floatToRawIntBits(r);
    }
    return (int) SoftArithmetic.mul(F, n & LOW, m & LOW, true, fpcr, status);
  }

  /** FNMUL: {@code -(n * m)}, rounded before it is negated; a NaN result is negated too. */
  public static int nmul(int n, int m, int fpcr, FpStatus status) {
    return neg(mul(n, m, fpcr, status));
  }

  /** FDIV: {@code n / m}. */
  public static int div(int n, int m, int fpcr, FpStatus status) {
    float x = Float.intBitsToFloat(n);
    float y = Float.intBitsToFloat(m);
    float r = x / y;
    if ((fpcr & Fpcr.UNLIKE_HOST) == 0 && normal(r) && ((status.fpsr & FpStatus.IXC) != 0 || exactQuotient(x, y, r))) {
      return Float.floatToRawIntBits(r);
    }
    return (int) SoftArithmetic.div(F, n & LOW, m & LOW, fpcr, status);
  }

  /** FSQRT. */
  public static int sqrt(int n, int fpcr, FpStatus status) {
    float x = Float.intBitsToFloat(n);
    float r = (float) Math.sqrt(x);
    if ((fpcr & Fpcr.UNLIKE_HOST) == 0 && normal(r) && ((status.fpsr & FpStatus.IXC) != 0 || exactRoot(x, r))) {
      return Float.floatToRawIntBits(r);
    }
    return (int) SoftArithmetic.sqrt(F, n & LOW, fpcr, status);
  }

  /** FMADD, and FMLA with the accumulator as {@code a}: {@code a + n * m}, rounded once. */
  public static int madd(int n, int m, int a, int fpcr, FpStatus status) {
    float x = Float.intBitsToFloat(n);
    float y = Float.intBitsToFloat(m);
    float z = Float.intBitsToFloat(a);
    float r = Math.fma(x, y, z);
    if ((fpcr & Fpcr.UNLIKE_HOST) == 0 && normal(r) && ((status.fpsr & FpStatus.IXC) != 0 || exactFused(x, y, z, r))) {
      return Float.floatToRawIntBits(r);
    }
    return (int) SoftFused.mulAdd(F, a & LOW, n & LOW, m & LOW, fpcr, status);
  }

  /** FMSUB, and FMLS with the accumulator as {@code a}: {@code a - n * m}; a NaN in {@code n} is negated first. */
  public static int msub(int n, int m, int a, int fpcr, FpStatus status) {
    return madd(neg(n), m, a, fpcr, status);
  }

  /** FNMADD: {@code -a - n * m}. */
  public static int nmadd(int n, int m, int a, int fpcr, FpStatus status) {
    return madd(neg(n), m, neg(a), fpcr, status);
  }

  /** FNMSUB: {@code -a + n * m}. */
  public static int nmsub(int n, int m, int a, int fpcr, FpStatus status) {
    return madd(n, m, neg(a), fpcr, status);
  }

  /** FRECPS: {@code 2 - n * m}, rounded once. */
  public static int recps(int n, int m, int fpcr, FpStatus status) {
    return (int) SoftFused.recipStep(F, n & LOW, m & LOW, fpcr, status);
  }

  /** FRSQRTS: {@code (3 - n * m) / 2}, rounded once. */
  public static int rsqrts(int n, int m, int fpcr, FpStatus status) {
    return (int) SoftFused.rsqrtStep(F, n & LOW, m & LOW, fpcr, status);
  }

  /** FRECPE. */
  public static int recpe(int n, int fpcr, FpStatus status) {
    return (int) SoftEstimate.recip(F, n & LOW, fpcr, status);
  }

  /** FRSQRTE. */
  public static int rsqrte(int n, int fpcr, FpStatus status) {
    return (int) SoftEstimate.recipSqrt(F, n & LOW, fpcr, status);
  }

  /** FRECPX. */
  public static int recpx(int n, int fpcr, FpStatus status) {
    return (int) SoftEstimate.recipExponent(F, n & LOW, fpcr, status);
  }

  /** FABS: clears the sign of anything, NaNs included; never a flag. */
  public static int abs(int n) {
    return n & Integer.MAX_VALUE;
  }

  /** FNEG: flips the sign of anything, NaNs included; never a flag. */
  public static int neg(int n) {
    return n ^ Integer.MIN_VALUE;
  }

  /** FMAX. */
  public static int max(int n, int m, int fpcr, FpStatus status) {
    float r = Math.max(Float.intBitsToFloat(n), Float.intBitsToFloat(m));
    if ((fpcr & Fpcr.FZ) == 0 && r == r) {
      return Float.floatToRawIntBits(r);
    }
    return (int) SoftCompare.max(F, n & LOW, m & LOW, 0, false, fpcr, status);
  }

  /** FMIN. */
  public static int min(int n, int m, int fpcr, FpStatus status) {
    float r = Math.min(Float.intBitsToFloat(n), Float.intBitsToFloat(m));
    if ((fpcr & Fpcr.FZ) == 0 && r == r) {
      return Float.floatToRawIntBits(r);
    }
    return (int) SoftCompare.max(F, n & LOW, m & LOW, 1, false, fpcr, status);
  }

  /** FMAXNM: a number wins over a quiet NaN. */
  public static int maxnm(int n, int m, int fpcr, FpStatus status) {
    float r = Math.max(Float.intBitsToFloat(n), Float.intBitsToFloat(m));
    if ((fpcr & Fpcr.FZ) == 0 && r == r) {
      return Float.floatToRawIntBits(r);
    }
    return (int) SoftCompare.max(F, n & LOW, m & LOW, 0, true, fpcr, status);
  }

  /** FMINNM: a number wins over a quiet NaN. */
  public static int minnm(int n, int m, int fpcr, FpStatus status) {
    float r = Math.min(Float.intBitsToFloat(n), Float.intBitsToFloat(m));
    if ((fpcr & Fpcr.FZ) == 0 && r == r) {
      return Float.floatToRawIntBits(r);
    }
    return (int) SoftCompare.max(F, n & LOW, m & LOW, 1, true, fpcr, status);
  }

  /** FCMP, FCCMP: NZCV as a nibble (N is bit 3); only signalling NaNs are invalid. */
  public static int cmp(int n, int m, int fpcr, FpStatus status) {
    float x = Float.intBitsToFloat(n);
    float y = Float.intBitsToFloat(m);
    if ((fpcr & Fpcr.FZ) == 0 && x == x && y == y) {
      return x < y ? 0b1000 : x == y ? 0b0110 : 0b0010;
    }
    return SoftCompare.compare(F, n & LOW, m & LOW, false, fpcr, status);
  }

  /** FCMPE, FCCMPE: as {@link #cmp}, but every NaN is invalid. */
  public static int cmpe(int n, int m, int fpcr, FpStatus status) {
    float x = Float.intBitsToFloat(n);
    float y = Float.intBitsToFloat(m);
    if ((fpcr & Fpcr.FZ) == 0 && x == x && y == y) {
      return x < y ? 0b1000 : x == y ? 0b0110 : 0b0010;
    }
    return SoftCompare.compare(F, n & LOW, m & LOW, true, fpcr, status);
  }

  /** FCMEQ: all ones if equal, else zero. */
  public static int cmeq(int n, int m, int fpcr, FpStatus status) {
    return mask(cmp(n, m, fpcr, status) == 0b0110);
  }

  /** FCMGE: all ones if {@code n >= m}, else zero. For FCMLE exchange the operands. */
  public static int cmge(int n, int m, int fpcr, FpStatus status) {
    return mask((cmpe(n, m, fpcr, status) & 0b1001) == 0);
  }

  /** FCMGT: all ones if {@code n > m}, else zero. For FCMLT exchange the operands. */
  public static int cmgt(int n, int m, int fpcr, FpStatus status) {
    return mask(cmpe(n, m, fpcr, status) == 0b0010);
  }

  /** FACGE: {@link #cmge} of the absolute values. */
  public static int acge(int n, int m, int fpcr, FpStatus status) {
    return cmge(abs(n), abs(m), fpcr, status);
  }

  /** FACGT: {@link #cmgt} of the absolute values. */
  public static int acgt(int n, int m, int fpcr, FpStatus status) {
    return cmgt(abs(n), abs(m), fpcr, status);
  }

  private static int mask(boolean holds) {
    return holds ? -1 : 0;
  }

  /**
   * FRINTN, FRINTP, FRINTM, FRINTZ, FRINTA, by {@code mode}: round to an integral value, without IXC.
   *
   * @param mode a constant of {@link Rounding}, not ODD
   */
  public static int rint(int n, int mode, int fpcr, FpStatus status) {
    float x = Float.intBitsToFloat(n);
    if ((fpcr & Fpcr.FZ) == 0 && Math.abs(x) < 0x1p23f && mode <= Rounding.ZERO) {
      return Float.floatToRawIntBits((float) integral(x, mode));
    }
    return (int) SoftRound.integral(F, n & LOW, mode, false, fpcr, status);
  }

  /** FRINTI: in FPCR's rounding mode, without IXC. */
  public static int rinti(int n, int fpcr, FpStatus status) {
    return rint(n, Fpcr.rounding(fpcr), fpcr, status);
  }

  /** FRINTX: in FPCR's rounding mode, with IXC if the operand wasn't integral. */
  public static int rintx(int n, int fpcr, FpStatus status) {
    float x = Float.intBitsToFloat(n);
    if ((fpcr & Fpcr.FZ) == 0 && Math.abs(x) < 0x1p23f) {
      float r = (float) integral(x, Fpcr.rounding(fpcr));
      if (r != x) {
        status.fpsr |= FpStatus.IXC;
      }
      return Float.floatToRawIntBits(r);
    }
    return (int) SoftRound.integral(F, n & LOW, Fpcr.rounding(fpcr), true, fpcr, status);
  }

  /**
   * FCVT[NPMZA]S: to a signed integer or fixed-point number, saturating (IOC).
   *
   * @param width 16, 32 or 64 bits of result
   * @param fbits fraction bits, 0 for an integer
   * @param mode a constant of {@link Rounding}, not ODD
   * @return the result, zero-extended from {@code width} bits
   */
  public static long toSigned(int n, int width, int fbits, int mode, int fpcr, FpStatus status) {
    float x = Float.intBitsToFloat(n);
    if ((fpcr & Fpcr.FZ) == 0 && mode == Rounding.ZERO && fbits == 0 && Math.abs(x) < halfRange(width)) {
      long r = (long) x;
      if (r != x) {
        status.fpsr |= FpStatus.IXC;
      }
      return r & -1L >>> 64 - width;
    }
    return SoftRound.toFixed(F, n & LOW, width, fbits, false, mode, fpcr, status);
  }

  /** FCVT[NPMZA]U: as {@link #toSigned}, unsigned. */
  public static long toUnsigned(int n, int width, int fbits, int mode, int fpcr, FpStatus status) {
    return SoftRound.toFixed(F, n & LOW, width, fbits, true, mode, fpcr, status);
  }

  /**
   * SCVTF: from a signed integer or fixed-point number, in FPCR's rounding mode.
   *
   * @param value the operand, sign-extended from its width to 64 bits
   * @param fbits fraction bits, 0 for an integer
   */
  public static int fromSigned(long value, int fbits, int fpcr, FpStatus status) {
    if (fbits == 0 && Math.abs(value) <= 1L << 24) {
      return Float.floatToRawIntBits(value);
    }
    return (int) SoftRound.fromFixed(F, value, fbits, false, Fpcr.rounding(fpcr), fpcr, status);
  }

  /** UCVTF: as {@link #fromSigned}; the operand is zero-extended. */
  public static int fromUnsigned(long value, int fbits, int fpcr, FpStatus status) {
    if (fbits == 0 && value >= 0 && value <= 1L << 24) {
      return Float.floatToRawIntBits(value);
    }
    return (int) SoftRound.fromFixed(F, value, fbits, true, Fpcr.rounding(fpcr), fpcr, status);
  }

  /** Above the smallest normal number (which a tiny value may have been rounded up to), and finite. */
  private static boolean normal(float r) {
    return Math.abs(r) > Float.MIN_NORMAL && Math.abs(r) <= Float.MAX_VALUE;
  }

  /** The rounding error of a sum is itself a number: zero if the sum is exact. An overflow on the way counts as inexact. */
  private static boolean exactSum(float x, float y, float r) {
    float yy = r - x;
    return (x - (r - yy)) + (y - yy) == 0;
  }

  /** A product of two singles is exact in double precision; so are the checks below. */
  private static boolean exactProduct(float x, float y, float r) {
    return (double) x * y == r;
  }

  private static boolean exactQuotient(float x, float y, float r) {
    return (double) r * y == x;
  }

  private static boolean exactRoot(float x, float r) {
    return (double) r * r == x;
  }

  /** Sufficient, not necessary: the product is a single and the sum exact. */
  private static boolean exactFused(float x, float y, float z, float r) {
    float product = x * y;
    return exactProduct(x, y, product) && exactSum(product, z, r);
  }

  private static double integral(double x, int mode) {
    return switch (mode) {
      case Rounding.TIE_EVEN -> Math.rint(x);
      case Rounding.PLUS -> Math.ceil(x);
      case Rounding.MINUS -> Math.floor(x);
      default -> x < 0 ? Math.ceil(x) : Math.floor(x);
    };
  }

  /** Magnitudes below this fit a signed integer of that width. */
  private static double halfRange(int width) {
    return width == 64 ? 0x1p63 : width == 32 ? 0x1p31 : 0x1p15;
  }
}
