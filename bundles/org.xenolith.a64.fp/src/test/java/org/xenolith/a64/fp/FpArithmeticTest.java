// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.fp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.xenolith.a64.fp.FpStatus.DZC;
import static org.xenolith.a64.fp.FpStatus.IDC;
import static org.xenolith.a64.fp.FpStatus.IOC;
import static org.xenolith.a64.fp.FpStatus.IXC;
import static org.xenolith.a64.fp.FpStatus.OFC;
import static org.xenolith.a64.fp.FpStatus.UFC;

import org.junit.jupiter.api.Test;

/** Arithmetic, one clause of the Arm ARM's shared/functions/float pseudocode per test. */
class FpArithmeticTest {
  private static final long INF = 0x7FF0_0000_0000_0000L;
  private static final long MINUS = Long.MIN_VALUE;
  private static final long DEFAULT_NAN = 0x7FF8_0000_0000_0000L;
  private static final long QUIET = 0xFFF8_0000_0000_0123L;
  private static final long SIGNALLING = 0x7FF0_0000_0000_0456L;
  private static final long MIN_NORMAL = 0x0010_0000_0000_0000L;
  private static final long MAX = INF - 1;
  private static final int RP = Rounding.PLUS << Fpcr.RMODE_SHIFT;
  private static final int RM = Rounding.MINUS << Fpcr.RMODE_SHIFT;
  private static final int RZ = Rounding.ZERO << Fpcr.RMODE_SHIFT;

  private final FpStatus status = new FpStatus();

  private static long d(double x) {
    return Double.doubleToRawLongBits(x);
  }

  private static int s(float x) {
    return Float.floatToRawIntBits(x);
  }

  private void result(long expected, int flags, long actual) {
    assertEquals(Long.toHexString(expected), Long.toHexString(actual));
    assertEquals(Integer.toHexString(flags), Integer.toHexString(status.fpsr), "FPSR");
    status.fpsr = 0;
  }

  @Test
  void signallingNanGoesFirstAndIsQuietedWithInvalidOperation() {          // FPProcessNaNs, FPProcessNaN
    result(SIGNALLING | 1L << 51, IOC, Fp64.add(QUIET, SIGNALLING, 0, status));
    result(SIGNALLING | 1L << 51, IOC, Fp64.mul(SIGNALLING, QUIET, 0, status));
  }

  @Test
  void firstQuietNanIsKeptWithoutAFlag() {                                 // FPProcessNaNs
    result(QUIET, 0, Fp64.div(QUIET, DEFAULT_NAN, 0, status));
    result(QUIET, 0, Fp64.sub(d(1), QUIET, 0, status));                          // FPSub doesn't negate a NaN
  }

  @Test
  void defaultNanModeReplacesEveryNan() {                                  // FPProcessNaN, FPCR.DN
    result(DEFAULT_NAN, 0, Fp64.add(QUIET, d(1), Fpcr.DN, status));
    result(DEFAULT_NAN, IOC, Fp64.add(SIGNALLING, d(1), Fpcr.DN, status));
  }

  @Test
  void invalidOperationsGiveTheDefaultNan() {                              // FPAdd, FPMul, FPDiv, FPSqrt
    result(DEFAULT_NAN, IOC, Fp64.sub(INF, INF, 0, status));
    result(DEFAULT_NAN, IOC, Fp64.mul(0, INF, 0, status));
    result(DEFAULT_NAN, IOC, Fp64.div(0, MINUS, 0, status));
    result(DEFAULT_NAN, IOC, Fp64.div(INF, INF, 0, status));
    result(DEFAULT_NAN, IOC, Fp64.sqrt(d(-1), 0, status));
    result(0x7FC0_0000, IOC, Fp32.sqrt(s(-1), 0, status));
    result(0x7E00, IOC, Fp16.sub(0x7C00, 0x7C00, 0, status));
  }

  @Test
  void divisionByZeroIsFlaggedOnlyForFiniteNumbers() {                     // FPDiv
    result(INF | MINUS, DZC, Fp64.div(d(1), MINUS, 0, status));
    result(INF, 0, Fp64.div(INF, 0, 0, status));
  }

  @Test
  void mulxTakesInfinityTimesZeroForTwo() {                                // FPMulX
    result(d(-2), 0, Fp64.mulx(INF, MINUS, 0, status));
    result(d(6), 0, Fp64.mulx(d(2), d(3), 0, status));
  }

  @Test
  void nmulNegatesTheRoundedProduct() {                                    // FNMUL: FPNeg(FPMul())
    result(d(-6), 0, Fp64.nmul(d(2), d(3), 0, status));
    result(QUIET ^ MINUS, 0, Fp64.nmul(QUIET, d(3), 0, status));
    // 1/3 squared is between two doubles: rounding up happens before the sign changes
    result(Fp64.mul(d(1 / 3.0), d(1 / 3.0), RP, new FpStatus()) ^ MINUS, IXC, Fp64.nmul(d(1 / 3.0), d(1 / 3.0), RP, status));
  }

  @Test
  void exactCancellationIsMinusZeroOnlyWhenRoundingDown() {                // FPAdd
    result(0, 0, Fp64.sub(d(3), d(3), 0, status));
    result(MINUS, 0, Fp64.sub(d(3), d(3), RM, status));
    result(MINUS, 0, Fp64.add(MINUS, MINUS, 0, status));
    result(0, 0, Fp64.madd(d(2), d(3), d(-6), 0, status));
    result(MINUS, 0, Fp64.madd(d(2), d(3), d(-6), RM, status));
  }

  @Test
  void inexactResultsObeyTheRoundingMode() {                               // FPRound
    long above = d(1) + 1;
    result(d(1), IXC, Fp64.add(d(1), d(0x1p-60), 0, status));
    result(above, IXC, Fp64.add(d(1), d(0x1p-60), RP, status));
    result(d(1), IXC, Fp64.add(d(1), d(0x1p-60), RM, status));
    result(d(1) - 1, IXC, Fp64.sub(d(1), d(0x1p-60), RZ, status));
    result(d(1.5), 0, Fp64.add(d(1), d(0.5), 0, status));
  }

  @Test
  void overflowGoesToInfinityOrToTheLargestNumber() {                      // FPRound
    result(INF, OFC | IXC, Fp64.add(MAX, MAX, 0, status));
    result(MAX, OFC | IXC, Fp64.add(MAX, MAX, RZ, status));
    result(MAX, OFC | IXC, Fp64.add(MAX, MAX, RM, status));
    result(INF | MINUS, OFC | IXC, Fp64.mul(MAX, d(-2), RM, status));
    result(INF, OFC | IXC, Fp64.mul(d(-4), 0xFFE0_0000_0000_0000L, 0, status));
  }

  @Test
  void tininessIsDetectedBeforeRounding() {                                // FPRound: "exponent is too small before rounding"
    long belowOne = d(1) - 1;
    result(MIN_NORMAL, UFC | IXC, Fp64.mul(MIN_NORMAL, belowOne, 0, status));    // rounds up to normal, is tiny all the same
    result(MIN_NORMAL >> 1, 0, Fp64.mul(MIN_NORMAL, d(0.5), 0, status));         // exact: no underflow
    result(0, UFC | IXC, Fp64.mul(1, d(0.25), 0, status));
    result(1, UFC | IXC, Fp64.mul(1, d(0.25), RP, status));
  }

  @Test
  void flushedResultsRaiseUnderflowAlone() {                               // FPRound: FZ returns before Inexact
    result(0, UFC, Fp64.mul(MIN_NORMAL, d(0.3), Fpcr.FZ, status));
    result(MINUS, UFC, Fp64.mul(MIN_NORMAL, d(-0.5), Fpcr.FZ | RM, status));
    result(0, UFC, Fp64.mul(MIN_NORMAL, d(1) - 1, Fpcr.FZ, status));
  }

  @Test
  void flushedOperandsRaiseInputDenormal() {                               // FPUnpack
    result(d(1), IDC, Fp64.add(d(1), 1, Fpcr.FZ, status));
    result(MINUS, IDC, Fp64.mul(MINUS | 1, d(2), Fpcr.FZ, status));
    result(INF, IDC | DZC, Fp64.div(d(1), 1, Fpcr.FZ, status));
    result(QUIET, IDC, Fp64.add(QUIET, 1, Fpcr.FZ, status));
  }

  @Test
  void halfSubnormalsObeyFz16WithoutInputDenormal() {                      // FPUnpack, N == 16
    result(0x3C01, IXC, Fp16.add(0x3C00, 1, Fpcr.FZ | RP, status));
    result(0x3C00, 0, Fp16.add(0x3C00, 1, Fpcr.FZ16 | RP, status));
    result(0, UFC, Fp16.mul(0x0400, 0x3800, Fpcr.FZ16, status));
  }

  @Test
  void squareRootsKeepTheSignOfZero() {                                    // FPSqrt
    result(MINUS, 0, Fp64.sqrt(MINUS, 0, status));
    result(d(1.5), 0, Fp64.sqrt(d(2.25), 0, status));
    result(d(Math.sqrt(2)), IXC, Fp64.sqrt(d(2), 0, status));
    result(INF, 0, Fp64.sqrt(INF, 0, status));
    result(d(0x1p-537), 0, Fp64.sqrt(1, 0, status));
  }

  @Test
  void fusedProductsRoundOnce() {                                          // FPMulAdd
    long x = d(1 + 0x1p-30);
    result(d(0x1p-60), 0, Fp64.madd(x, x, d(-(1 + 0x1p-29)), 0, status));
    result(d(0x1p-60), 0, Fp64.nmsub(x, x, d(1 + 0x1p-29), 0, status));
    result(d(-0x1p-60), 0, Fp64.msub(x, x, d(1 + 0x1p-29), 0, status));
    result(d(-7), 0, Fp64.nmadd(d(2), d(3), d(1), 0, status));
    result(s(7), 0, Fp32.madd(s(2), s(3), s(1), 0, status));
  }

  @Test
  void quietAddendDoesNotHideInfinityTimesZero() {                         // FPMulAdd, after FPProcessNaNs3
    result(DEFAULT_NAN, IOC, Fp64.madd(INF, 0, QUIET, 0, status));
    result(SIGNALLING | 1L << 51, IOC, Fp64.madd(INF, 0, SIGNALLING, 0, status));
    result(QUIET, 0, Fp64.madd(QUIET, DEFAULT_NAN, d(1), 0, status));
    result(DEFAULT_NAN, 0, Fp64.madd(QUIET, QUIET, DEFAULT_NAN, 0, status));     // the addend is the first operand
    result(QUIET ^ MINUS, 0, Fp64.msub(QUIET, d(1), d(1), 0, status));           // FMSUB negates before the NaN is seen
    result(DEFAULT_NAN, IOC, Fp64.madd(INF, d(1), INF | MINUS, 0, status));
  }

  @Test
  void newtonStepsHaveTheirConstantsForInfinityTimesZero() {               // FPRecipStepFused, FPRSqrtStepFused
    result(d(2), 0, Fp64.recps(INF, 0, 0, status));
    result(d(1.5), 0, Fp64.rsqrts(0, INF, 0, status));
    result(d(-4), 0, Fp64.recps(d(2), d(3), 0, status));
    result(d(-1.5), 0, Fp64.rsqrts(d(2), d(3), 0, status));
    result(QUIET ^ MINUS, 0, Fp64.recps(QUIET, d(3), 0, status));
    result(INF | MINUS, 0, Fp64.recps(INF, d(3), 0, status));
  }

  @Test
  void estimatesHaveEightBits() {                                          // FPRecipEstimate, FPRSqrtEstimate
    result(0x3F7F_8000, 0, Fp32.recpe(s(1), 0, status));
    result(d(0.998046875), 0, Fp64.recpe(d(1), 0, status));
    result(0x3F7F_8000, 0, Fp32.rsqrte(s(1), 0, status));
    result(INF | MINUS, DZC, Fp64.recpe(MINUS, 0, status));
    result(INF | MINUS, DZC, Fp64.rsqrte(MINUS, 0, status));
    result(DEFAULT_NAN, IOC, Fp64.rsqrte(d(-1), 0, status));
    result(0, 0, Fp64.rsqrte(INF, 0, status));
    result(INF, OFC | IXC, Fp64.recpe(1, 0, status));
    result(MAX, OFC | IXC, Fp64.recpe(1, RM, status));
    result(0, UFC, Fp64.recpe(MAX, Fpcr.FZ, status));
  }

  @Test
  void reciprocalExponentIsInverted() {                                    // FPRecpX
    result(0x3FF0_0000_0000_0000L ^ INF, 0, Fp64.recpx(d(1.75), 0, status));
    result(0x7FE0_0000_0000_0000L, 0, Fp64.recpx(1, 0, status));
    result(MINUS, 0, Fp64.recpx(INF | MINUS, 0, status));
  }

  @Test
  void integerEstimatesSaturateBelowTheirRange() {                         // UnsignedRecipEstimate, UnsignedRSqrtEstimate
    assertEquals(-1, FpEstimate.urecpe(0x7FFF_FFFF));
    assertEquals(0xFF80_0000, FpEstimate.urecpe(0x8000_0000));
    assertEquals(-1, FpEstimate.ursqrte(0x3FFF_FFFF));
    assertEquals(0xFF80_0000, FpEstimate.ursqrte(0x4000_0000));
  }

  @Test
  void signOperationsTouchNothingElse() {                                  // FPAbs, FPNeg
    assertEquals(SIGNALLING, Fp64.abs(SIGNALLING | MINUS));
    assertEquals(SIGNALLING | MINUS, Fp64.neg(SIGNALLING));
    assertEquals(0xFC01, Fp16.neg(0x7C01));
  }

  @Test
  void flagsAreCumulativeAndOtherBitsStay() {                              // FPSR
    status.fpsr = FpStatus.QC | DZC;
    result(d(1 / 3.0), FpStatus.QC | DZC | IXC, Fp64.div(d(1), d(3), 0, status));
  }
}
