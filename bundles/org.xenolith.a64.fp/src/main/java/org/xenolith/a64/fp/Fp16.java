// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.fp;

/**
 * Half-precision arithmetic on raw bits (Arm ARM, shared/functions/float). Operands and results are the low 16 bits of
 * an {@code int}: bits above are ignored in operands and zero in results. Subnormals obey FPCR.FZ16, not FZ.
 *
 * <p>Every method takes FPCR and adds to the cumulative flags of {@code status}; nothing is allocated, nothing thrown,
 * every bit pattern is a legal operand. FPCR.AHP plays no part in
 * arithmetic. No fast path: no core that this project models has FEAT_FP16 in its hot loops.
 */
public final class Fp16 {
  private static final FpFormat F = FpFormat.HALF;
  private static final long LOW = 0xFFFF;

  private Fp16() {}

  /** FADD: {@code n + m}. */
  public static int add(int n, int m, int fpcr, FpStatus status) {
    return (int) SoftArithmetic.add(F, n & LOW, m & LOW, 0, fpcr & ~Fpcr.AHP, status);
  }

  /** FSUB: {@code n - m}. */
  public static int sub(int n, int m, int fpcr, FpStatus status) {
    return (int) SoftArithmetic.add(F, n & LOW, m & LOW, 1, fpcr & ~Fpcr.AHP, status);
  }

  /** FABD: {@code |n - m|}. */
  public static int abd(int n, int m, int fpcr, FpStatus status) {
    return abs(sub(n, m, fpcr, status));
  }

  /** FMUL: {@code n * m}. */
  public static int mul(int n, int m, int fpcr, FpStatus status) {
    return (int) SoftArithmetic.mul(F, n & LOW, m & LOW, false, fpcr & ~Fpcr.AHP, status);
  }

  /** FMULX: {@code n * m}, but infinity times zero is two. */
  public static int mulx(int n, int m, int fpcr, FpStatus status) {
    return (int) SoftArithmetic.mul(F, n & LOW, m & LOW, true, fpcr & ~Fpcr.AHP, status);
  }

  /** FNMUL: {@code -(n * m)}, rounded before it is negated; a NaN result is negated too. */
  public static int nmul(int n, int m, int fpcr, FpStatus status) {
    return neg(mul(n, m, fpcr, status));
  }

  /** FDIV: {@code n / m}. */
  public static int div(int n, int m, int fpcr, FpStatus status) {
    return (int) SoftArithmetic.div(F, n & LOW, m & LOW, fpcr & ~Fpcr.AHP, status);
  }

  /** FSQRT. */
  public static int sqrt(int n, int fpcr, FpStatus status) {
    return (int) SoftArithmetic.sqrt(F, n & LOW, fpcr & ~Fpcr.AHP, status);
  }

  /** FMADD, and FMLA with the accumulator as {@code a}: {@code a + n * m}, rounded once. */
  public static int madd(int n, int m, int a, int fpcr, FpStatus status) {
    return (int) SoftFused.mulAdd(F, a & LOW, n & LOW, m & LOW, fpcr & ~Fpcr.AHP, status);
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
    return (int) SoftFused.recipStep(F, n & LOW, m & LOW, fpcr & ~Fpcr.AHP, status);
  }

  /** FRSQRTS: {@code (3 - n * m) / 2}, rounded once. */
  public static int rsqrts(int n, int m, int fpcr, FpStatus status) {
    return (int) SoftFused.rsqrtStep(F, n & LOW, m & LOW, fpcr & ~Fpcr.AHP, status);
  }

  /** FRECPE. */
  public static int recpe(int n, int fpcr, FpStatus status) {
    return (int) SoftEstimate.recip(F, n & LOW, fpcr & ~Fpcr.AHP, status);
  }

  /** FRSQRTE. */
  public static int rsqrte(int n, int fpcr, FpStatus status) {
    return (int) SoftEstimate.recipSqrt(F, n & LOW, fpcr & ~Fpcr.AHP, status);
  }

  /** FRECPX. */
  public static int recpx(int n, int fpcr, FpStatus status) {
    return (int) SoftEstimate.recipExponent(F, n & LOW, fpcr & ~Fpcr.AHP, status);
  }

  /** FABS: clears the sign of anything, NaNs included; never a flag. */
  public static int abs(int n) {
    return n & 0x7FFF;
  }

  /** FNEG: flips the sign of anything, NaNs included; never a flag. */
  public static int neg(int n) {
    return (n ^ 0x8000) & 0xFFFF;
  }

  /** FMAX. */
  public static int max(int n, int m, int fpcr, FpStatus status) {
    return (int) SoftCompare.max(F, n & LOW, m & LOW, 0, false, fpcr & ~Fpcr.AHP, status);
  }

  /** FMIN. */
  public static int min(int n, int m, int fpcr, FpStatus status) {
    return (int) SoftCompare.max(F, n & LOW, m & LOW, 1, false, fpcr & ~Fpcr.AHP, status);
  }

  /** FMAXNM: a number wins over a quiet NaN. */
  public static int maxnm(int n, int m, int fpcr, FpStatus status) {
    return (int) SoftCompare.max(F, n & LOW, m & LOW, 0, true, fpcr & ~Fpcr.AHP, status);
  }

  /** FMINNM: a number wins over a quiet NaN. */
  public static int minnm(int n, int m, int fpcr, FpStatus status) {
    return (int) SoftCompare.max(F, n & LOW, m & LOW, 1, true, fpcr & ~Fpcr.AHP, status);
  }

  /** FCMP, FCCMP: NZCV as a nibble (N is bit 3); only signalling NaNs are invalid. */
  public static int cmp(int n, int m, int fpcr, FpStatus status) {
    return SoftCompare.compare(F, n & LOW, m & LOW, false, fpcr & ~Fpcr.AHP, status);
  }

  /** FCMPE, FCCMPE: as {@link #cmp}, but every NaN is invalid. */
  public static int cmpe(int n, int m, int fpcr, FpStatus status) {
    return SoftCompare.compare(F, n & LOW, m & LOW, true, fpcr & ~Fpcr.AHP, status);
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
    return holds ? 0xFFFF : 0;
  }

  /**
   * FRINTN, FRINTP, FRINTM, FRINTZ, FRINTA, by {@code mode}: round to an integral value, without IXC.
   *
   * @param mode a constant of {@link Rounding}, not ODD
   */
  public static int rint(int n, int mode, int fpcr, FpStatus status) {
    return (int) SoftRound.integral(F, n & LOW, mode, false, fpcr & ~Fpcr.AHP, status);
  }

  /** FRINTI: in FPCR's rounding mode, without IXC. */
  public static int rinti(int n, int fpcr, FpStatus status) {
    return rint(n, Fpcr.rounding(fpcr), fpcr, status);
  }

  /** FRINTX: in FPCR's rounding mode, with IXC if the operand wasn't integral. */
  public static int rintx(int n, int fpcr, FpStatus status) {
    return (int) SoftRound.integral(F, n & LOW, Fpcr.rounding(fpcr), true, fpcr & ~Fpcr.AHP, status);
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
    return SoftRound.toFixed(F, n & LOW, width, fbits, false, mode, fpcr & ~Fpcr.AHP, status);
  }

  /** FCVT[NPMZA]U: as {@link #toSigned}, unsigned. */
  public static long toUnsigned(int n, int width, int fbits, int mode, int fpcr, FpStatus status) {
    return SoftRound.toFixed(F, n & LOW, width, fbits, true, mode, fpcr & ~Fpcr.AHP, status);
  }

  /**
   * SCVTF: from a signed integer or fixed-point number, in FPCR's rounding mode.
   *
   * @param value the operand, sign-extended from its width to 64 bits
   * @param fbits fraction bits, 0 for an integer
   */
  public static int fromSigned(long value, int fbits, int fpcr, FpStatus status) {
    return (int) SoftRound.fromFixed(F, value, fbits, false, Fpcr.rounding(fpcr), fpcr, status);
  }

  /** UCVTF: as {@link #fromSigned}; the operand is zero-extended. */
  public static int fromUnsigned(long value, int fbits, int fpcr, FpStatus status) {
    return (int) SoftRound.fromFixed(F, value, fbits, true, Fpcr.rounding(fpcr), fpcr, status);
  }
}
