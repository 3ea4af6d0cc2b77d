// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.fp;

/**
 * Double-precision arithmetic on raw bits (Arm ARM, shared/functions/float). Operands and results are 64 bits in a {@code long}.
 *
 * <p>Every method takes FPCR and adds to the cumulative flags of {@code status}; nothing is allocated, nothing thrown,
 * every bit pattern is a legal operand. Rounding to nearest
 * without flushing runs on the host's own (strict) arithmetic where the result shows that no flag but IXC can arise.
 */
public final class Fp64 {
  private static final FpFormat F = FpFormat.DOUBLE;

  private Fp64() {}

  /** FADD: {@code n + m}. */
  public static long add(long n, long m, int fpcr, FpStatus status) {
    double x = Double.longBitsToDouble(n);
    double y = Double.longBitsToDouble(m);
    double r = x + y;
    if ((fpcr & Fpcr.UNLIKE_HOST) == 0 && Math.abs(r) <= Double.MAX_VALUE
        && ((status.fpsr & FpStatus.IXC) != 0 || exactSum(x, y, r))) {
      return Double.doubleToRawLongBits(r);
    }
    return SoftArithmetic.add(F, n, m, 0, fpcr, status);
  }

  /** FSUB: {@code n - m}. */
  public static long sub(long n, long m, int fpcr, FpStatus status) {
    double x = Double.longBitsToDouble(n);
    double y = Double.longBitsToDouble(m);
    double r = x - y;
    if ((fpcr & Fpcr.UNLIKE_HOST) == 0 && Math.abs(r) <= Double.MAX_VALUE
        && ((status.fpsr & FpStatus.IXC) != 0 || exactSum(x, -y, r))) {
      return Double.doubleToRawLongBits(r);
    }
    return SoftArithmetic.add(F, n, m, 1, fpcr, status);
  }

  /** FABD: {@code |n - m|}. */
  public static long abd(long n, long m, int fpcr, FpStatus status) {
    return abs(sub(n, m, fpcr, status));
  }

  /** FMUL: {@code n * m}. */
  public static long mul(long n, long m, int fpcr, FpStatus status) {
    double x = Double.longBitsToDouble(n);
    double y = Double.longBitsToDouble(m);
    double r = x * y;
    if ((fpcr & Fpcr.UNLIKE_HOST) == 0 && normal(r) && ((status.fpsr & FpStatus.IXC) != 0 || exactProduct(x, y, r))) {
      return Double.doubleToRawLongBits(r);
    }
    return SoftArithmetic.mul(F, n, m, false, fpcr, status);
  }

  /** FMULX: {@code n * m}, but infinity times zero is two. */
  public static long mulx(long n, long m, int fpcr, FpStatus status) {
    double x = Double.longBitsToDouble(n);
    double y = Double.longBitsToDouble(m);
    double r = x * y;
    if ((fpcr & Fpcr.UNLIKE_HOST) == 0 && normal(r) && ((status.fpsr & FpStatus.IXC) != 0 || exactProduct(x, y, r))) {
      return Double.doubleToRawLongBits(r);
    }
    return SoftArithmetic.mul(F, n, m, true, fpcr, status);
  }

  /** FNMUL: {@code -(n * m)}, rounded before it is negated; a NaN result is negated too. */
  public static long nmul(long n, long m, int fpcr, FpStatus status) {
    return neg(mul(n, m, fpcr, status));
  }

  /** FDIV: {@code n / m}. */
  public static long div(long n, long m, int fpcr, FpStatus status) {
    double x = Double.longBitsToDouble(n);
    double y = Double.longBitsToDouble(m);
    double r = x / y;
    if ((fpcr & Fpcr.UNLIKE_HOST) == 0 && normal(r) && ((status.fpsr & FpStatus.IXC) != 0 || exactQuotient(x, y, r))) {
      return Double.doubleToRawLongBits(r);
    }
    return SoftArithmetic.div(F, n, m, fpcr, status);
  }

  /** FSQRT. */
  public static long sqrt(long n, int fpcr, FpStatus status) {
    double x = Double.longBitsToDouble(n);
    double r = Math.sqrt(x);
    if ((fpcr & Fpcr.UNLIKE_HOST) == 0 && normal(r) && ((status.fpsr & FpStatus.IXC) != 0 || exactRoot(x, r))) {
      return Double.doubleToRawLongBits(r);
    }
    return SoftArithmetic.sqrt(F, n, fpcr, status);
  }

  /** FMADD, and FMLA with the accumulator as {@code a}: {@code a + n * m}, rounded once. */
  public static long madd(long n, long m, long a, int fpcr, FpStatus status) {
    double x = Double.longBitsToDouble(n);
    double y = Double.longBitsToDouble(m);
    double z = Double.longBitsToDouble(a);
    double r = Math.fma(x, y, z);
    if ((fpcr & Fpcr.UNLIKE_HOST) == 0 && normal(r) && ((status.fpsr & FpStatus.IXC) != 0 || exactFused(x, y, z, r))) {
      return Double.doubleToRawLongBits(r);
    }
    return SoftFused.mulAdd(F, a, n, m, fpcr, status);
  }

  /** FMSUB, and FMLS with the accumulator as {@code a}: {@code a - n * m}; a NaN in {@code n} is negated first. */
  public static long msub(long n, long m, long a, int fpcr, FpStatus status) {
    return madd(neg(n), m, a, fpcr, status);
  }

  /** FNMADD: {@code -a - n * m}. */
  public static long nmadd(long n, long m, long a, int fpcr, FpStatus status) {
    return madd(neg(n), m, neg(a), fpcr, status);
  }

  /** FNMSUB: {@code -a + n * m}. */
  public static long nmsub(long n, long m, long a, int fpcr, FpStatus status) {
    return madd(n, m, neg(a), fpcr, status);
  }

  /** FRECPS: {@code 2 - n * m}, rounded once. */
  public static long recps(long n, long m, int fpcr, FpStatus status) {
    return SoftFused.recipStep(F, n, m, fpcr, status);
  }

  /** FRSQRTS: {@code (3 - n * m) / 2}, rounded once. */
  public static long rsqrts(long n, long m, int fpcr, FpStatus status) {
    return SoftFused.rsqrtStep(F, n, m, fpcr, status);
  }

  /** FRECPE. */
  public static long recpe(long n, int fpcr, FpStatus status) {
    return SoftEstimate.recip(F, n, fpcr, status);
  }

  /** FRSQRTE. */
  public static long rsqrte(long n, int fpcr, FpStatus status) {
    return SoftEstimate.recipSqrt(F, n, fpcr, status);
  }

  /** FRECPX. */
  public static long recpx(long n, int fpcr, FpStatus status) {
    return SoftEstimate.recipExponent(F, n, fpcr, status);
  }

  /** FABS: clears the sign of anything, NaNs included; never a flag. */
  public static long abs(long n) {
    return n & Long.MAX_VALUE;
  }

  /** FNEG: flips the sign of anything, NaNs included; never a flag. */
  public static long neg(long n) {
    return n ^ Long.MIN_VALUE;
  }

  /** FMAX. */
  public static long max(long n, long m, int fpcr, FpStatus status) {
    double r = Math.max(Double.longBitsToDouble(n), Double.longBitsToDouble(m));
    if ((fpcr & Fpcr.FZ) == 0 && r == r) {
      return Double.doubleToRawLongBits(r);
    }
    return SoftCompare.max(F, n, m, 0, false, fpcr, status);
  }

  /** FMIN. */
  public static long min(long n, long m, int fpcr, FpStatus status) {
    double r = Math.min(Double.longBitsToDouble(n), Double.longBitsToDouble(m));
    if ((fpcr & Fpcr.FZ) == 0 && r == r) {
      return Double.doubleToRawLongBits(r);
    }
    return SoftCompare.max(F, n, m, 1, false, fpcr, status);
  }

  /** FMAXNM: a number wins over a quiet NaN. */
  public static long maxnm(long n, long m, int fpcr, FpStatus status) {
    double r = Math.max(Double.longBitsToDouble(n), Double.longBitsToDouble(m));
    if ((fpcr & Fpcr.FZ) == 0 && r == r) {
      return Double.doubleToRawLongBits(r);
    }
    return SoftCompare.max(F, n, m, 0, true, fpcr, status);
  }

  /** FMINNM: a number wins over a quiet NaN. */
  public static long minnm(long n, long m, int fpcr, FpStatus status) {
    double r = Math.min(Double.longBitsToDouble(n), Double.longBitsToDouble(m));
    if ((fpcr & Fpcr.FZ) == 0 && r == r) {
      return Double.doubleToRawLongBits(r);
    }
    return SoftCompare.max(F, n, m, 1, true, fpcr, status);
  }

  /** FCMP, FCCMP: NZCV as a nibble (N is bit 3); only signalling NaNs are invalid. */
  public static int cmp(long n, long m, int fpcr, FpStatus status) {
    double x = Double.longBitsToDouble(n);
    double y = Double.longBitsToDouble(m);
    if ((fpcr & Fpcr.FZ) == 0 && x == x && y == y) {
      return x < y ? 0b1000 : x == y ? 0b0110 : 0b0010;
    }
    return SoftCompare.compare(F, n, m, false, fpcr, status);
  }

  /** FCMPE, FCCMPE: as {@link #cmp}, but every NaN is invalid. */
  public static int cmpe(long n, long m, int fpcr, FpStatus status) {
    double x = Double.longBitsToDouble(n);
    double y = Double.longBitsToDouble(m);
    if ((fpcr & Fpcr.FZ) == 0 && x == x && y == y) {
      return x < y ? 0b1000 : x == y ? 0b0110 : 0b0010;
    }
    return SoftCompare.compare(F, n, m, true, fpcr, status);
  }

  /** FCMEQ: all ones if equal, else zero. */
  public static long cmeq(long n, long m, int fpcr, FpStatus status) {
    return mask(cmp(n, m, fpcr, status) == 0b0110);
  }

  /** FCMGE: all ones if {@code n >= m}, else zero. For FCMLE exchange the operands. */
  public static long cmge(long n, long m, int fpcr, FpStatus status) {
    return mask((cmpe(n, m, fpcr, status) & 0b1001) == 0);
  }

  /** FCMGT: all ones if {@code n > m}, else zero. For FCMLT exchange the operands. */
  public static long cmgt(long n, long m, int fpcr, FpStatus status) {
    return mask(cmpe(n, m, fpcr, status) == 0b0010);
  }

  /** FACGE: {@link #cmge} of the absolute values. */
  public static long acge(long n, long m, int fpcr, FpStatus status) {
    return cmge(abs(n), abs(m), fpcr, status);
  }

  /** FACGT: {@link #cmgt} of the absolute values. */
  public static long acgt(long n, long m, int fpcr, FpStatus status) {
    return cmgt(abs(n), abs(m), fpcr, status);
  }

  private static long mask(boolean holds) {
    return holds ? -1L : 0;
  }

  /**
   * FRINTN, FRINTP, FRINTM, FRINTZ, FRINTA, by {@code mode}: round to an integral value, without IXC.
   *
   * @param mode a constant of {@link Rounding}, not ODD
   */
  public static long rint(long n, int mode, int fpcr, FpStatus status) {
    double x = Double.longBitsToDouble(n);
    if ((fpcr & Fpcr.FZ) == 0 && Math.abs(x) < 0x1p52 && mode <= Rounding.ZERO) {
      return Double.doubleToRawLongBits(integral(x, mode));
    }
    return SoftRound.integral(F, n, mode, false, fpcr, status);
  }

  /** FRINTI: in FPCR's rounding mode, without IXC. */
  public static long rinti(long n, int fpcr, FpStatus status) {
    return rint(n, Fpcr.rounding(fpcr), fpcr, status);
  }

  /** FRINTX: in FPCR's rounding mode, with IXC if the operand wasn't integral. */
  public static long rintx(long n, int fpcr, FpStatus status) {
    double x = Double.longBitsToDouble(n);
    if ((fpcr & Fpcr.FZ) == 0 && Math.abs(x) < 0x1p52) {
      double r = integral(x, Fpcr.rounding(fpcr));
      if (r != x) {
        status.fpsr |= FpStatus.IXC;
      }
      return Double.doubleToRawLongBits(r);
    }
    return SoftRound.integral(F, n, Fpcr.rounding(fpcr), true, fpcr, status);
  }

  /**
   * FCVT[NPMZA]S: to a signed integer or fixed-point number, saturating (IOC).
   *
   * @param width 16, 32 or 64 bits of result
   * @param fbits fraction bits, 0 for an integer
   * @param mode a constant of {@link Rounding}, not ODD
   * @return the result, zero-extended from {@code width} bits
   */
  public static long toSigned(long n, int width, int fbits, int mode, int fpcr, FpStatus status) {
    double x = Double.longBitsToDouble(n);
    if ((fpcr & Fpcr.FZ) == 0 && mode == Rounding.ZERO && fbits == 0 && Math.abs(x) < halfRange(width)) {
      long r = (long) x;
      if (r != x) {
        status.fpsr |= FpStatus.IXC;
      }
      return r & -1L >>> 64 - width;
    }
    return SoftRound.toFixed(F, n, width, fbits, false, mode, fpcr, status);
  }

  /** FCVT[NPMZA]U: as {@link #toSigned}, unsigned. */
  public static long toUnsigned(long n, int width, int fbits, int mode, int fpcr, FpStatus status) {
    return SoftRound.toFixed(F, n, width, fbits, true, mode, fpcr, status);
  }

  /**
   * SCVTF: from a signed integer or fixed-point number, in FPCR's rounding mode.
   *
   * @param value the operand, sign-extended from its width to 64 bits
   * @param fbits fraction bits, 0 for an integer
   */
  public static long fromSigned(long value, int fbits, int fpcr, FpStatus status) {
    if (fbits == 0 && Math.abs(value) <= 1L << 53) {
      return Double.doubleToRawLongBits(value);
    }
    return SoftRound.fromFixed(F, value, fbits, false, Fpcr.rounding(fpcr), fpcr, status);
  }

  /** UCVTF: as {@link #fromSigned}; the operand is zero-extended. */
  public static long fromUnsigned(long value, int fbits, int fpcr, FpStatus status) {
    if (fbits == 0 && value >= 0 && value <= 1L << 53) {
      return Double.doubleToRawLongBits(value);
    }
    return SoftRound.fromFixed(F, value, fbits, true, Fpcr.rounding(fpcr), fpcr, status);
  }

  /** Above the smallest normal number (which a tiny value may have been rounded up to), and finite. */
  private static boolean normal(double r) {
    return Math.abs(r) > Double.MIN_NORMAL && Math.abs(r) <= Double.MAX_VALUE;
  }

  /** The rounding error of a sum is itself a number: zero if the sum is exact. An overflow on the way counts as inexact. */
  private static boolean exactSum(double x, double y, double r) {
    double yy = r - x;
    return (x - (r - yy)) + (y - yy) == 0;
  }

  /** Far from underflow, where residuals of products and quotients are exact. */
  private static final double RESIDUAL_SAFE = 0x1p-900;

  private static boolean exactProduct(double x, double y, double r) {
    return Math.abs(r) > RESIDUAL_SAFE && Math.fma(x, y, -r) == 0;
  }

  private static boolean exactQuotient(double x, double y, double r) {
    return Math.abs(x) > RESIDUAL_SAFE && Math.fma(-r, y, x) == 0;
  }

  private static boolean exactRoot(double x, double r) {
    return x > RESIDUAL_SAFE && Math.fma(-r, r, x) == 0;
  }

  /** Sufficient, not necessary: the product and the sum are both exact. */
  private static boolean exactFused(double x, double y, double z, double r) {
    double product = x * y;
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
