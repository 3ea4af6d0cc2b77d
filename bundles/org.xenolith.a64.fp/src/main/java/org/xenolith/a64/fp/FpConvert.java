// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.fp;

/**
 * Conversions between the formats (FPConvert): FCVT, FCVTN, FCVTL, FCVTXN. Raw bits as in {@link Fp64}, {@link Fp32} and
 * {@link Fp16}. FPCR.AHP chooses the alternative half-precision format; FZ16 plays no part.
 */
public final class FpConvert {
  private FpConvert() {}

  /** FCVT Dd, Sn and FCVTL. */
  public static long singleToDouble(int n, int fpcr, FpStatus status) {
    float x = Float.intBitsToFloat(n);
    if ((fpcr & Fpcr.FZ) == 0 && x == x) {
      return Double.doubleToRawLongBits(x);
    }
    return SoftConvert.convert(FpFormat.SINGLE, FpFormat.DOUBLE, n & 0xFFFF_FFFFL, Fpcr.rounding(fpcr), fpcr, status);
  }

  /** FCVT Sd, Dn and FCVTN. */
  public static int doubleToSingle(long n, int fpcr, FpStatus status) {
    double x = Double.longBitsToDouble(n);
    float r = (float) x;
    if ((fpcr & Fpcr.UNLIKE_HOST) == 0 && Math.abs(r) > Float.MIN_NORMAL && Math.abs(r) <= Float.MAX_VALUE) {
      if (r != x) {
        status.fpsr |= FpStatus.IXC;
      }
      return Float.floatToRawIntBits(r);
    }
    return (int) SoftConvert.convert(FpFormat.DOUBLE, FpFormat.SINGLE, n, Fpcr.rounding(fpcr), fpcr, status);
  }

  /** FCVTXN: rounds to odd, so that a second rounding is harmless. */
  public static int doubleToSingleOdd(long n, int fpcr, FpStatus status) {
    return (int) SoftConvert.convert(FpFormat.DOUBLE, FpFormat.SINGLE, n, Rounding.ODD, fpcr, status);
  }

  /** FCVT Sd, Hn and FCVTL. */
  public static int halfToSingle(int n, int fpcr, FpStatus status) {
    return (int) SoftConvert.convert(FpFormat.HALF, FpFormat.SINGLE, n & 0xFFFF, Fpcr.rounding(fpcr), fpcr, status);
  }

  /** FCVT Dd, Hn. */
  public static long halfToDouble(int n, int fpcr, FpStatus status) {
    return SoftConvert.convert(FpFormat.HALF, FpFormat.DOUBLE, n & 0xFFFF, Fpcr.rounding(fpcr), fpcr, status);
  }

  /** FCVT Hd, Sn and FCVTN. */
  public static int singleToHalf(int n, int fpcr, FpStatus status) {
    return (int) SoftConvert.convert(FpFormat.SINGLE, FpFormat.HALF, n & 0xFFFF_FFFFL, Fpcr.rounding(fpcr), fpcr, status);
  }

  /** FCVT Hd, Dn. */
  public static int doubleToHalf(long n, int fpcr, FpStatus status) {
    return (int) SoftConvert.convert(FpFormat.DOUBLE, FpFormat.HALF, n, Fpcr.rounding(fpcr), fpcr, status);
  }
}
