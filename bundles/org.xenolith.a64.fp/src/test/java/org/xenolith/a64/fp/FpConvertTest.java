// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.fp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.xenolith.a64.fp.FpStatus.IDC;
import static org.xenolith.a64.fp.FpStatus.IOC;
import static org.xenolith.a64.fp.FpStatus.IXC;
import static org.xenolith.a64.fp.FpStatus.OFC;
import static org.xenolith.a64.fp.FpStatus.UFC;

import org.junit.jupiter.api.Test;

/** Conversions, roundings to integral and immediates, by clause of the Arm ARM's pseudocode. */
class FpConvertTest {
  private static final long MINUS = Long.MIN_VALUE;
  private static final int RP = Rounding.PLUS << Fpcr.RMODE_SHIFT;
  private static final int RM = Rounding.MINUS << Fpcr.RMODE_SHIFT;

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
  void payloadsKeepTheirTopBits() {                                        // FPConvertNaN
    result(0x7FF8_0000_2000_0000L, IOC, FpConvert.singleToDouble(0x7F80_0001, 0, status));
    result(0xFFC0_0001, 0, FpConvert.doubleToSingle(0xFFF8_0000_3FFF_FFFFL, 0, status));
    result(0x7FC0_0000, 0, FpConvert.doubleToSingle(0xFFF8_0000_3FFF_FFFFL, Fpcr.DN, status) & 0xFFFF_FFFFL);
    result(0x7E01, IOC, FpConvert.singleToHalf(0x7F80_2000, 0, status));
  }

  @Test
  void narrowingRoundsOverflowsAndUnderflows() {                           // FPRoundCV
    result(s(0.1f), IXC, FpConvert.doubleToSingle(d(0.1), 0, status));
    result(0x7F80_0000, OFC | IXC, FpConvert.doubleToSingle(d(1e300), 0, status));
    result(1, UFC | IXC, FpConvert.doubleToSingle(d(1e-300), RP, status));
    result(0, UFC, FpConvert.doubleToSingle(d(1e-40), Fpcr.FZ, status));
    result(0x0080_0000, UFC | IXC, FpConvert.doubleToSingle(d(0x1p-126) - 1, 0, status));
  }

  @Test
  void halfConversionsIgnoreFz16AndNeverFlushHalves() {                    // FPUnpackCV, FPRoundCV
    result(s(0x1p-24f), 0, FpConvert.halfToSingle(1, Fpcr.FZ | Fpcr.FZ16, status));
    result(1, 0, FpConvert.singleToHalf(s(0x1p-24f), Fpcr.FZ | Fpcr.FZ16, status));
    result(0, IDC, FpConvert.singleToHalf(1, Fpcr.FZ, status));
  }

  @Test
  void alternativeHalfHasNoInfinitiesOrNans() {                            // FPConvert, FPCR.AHP
    result(0x7FFF, IOC, FpConvert.singleToHalf(0x7F80_0000, Fpcr.AHP, status));
    result(0x8000, IOC, FpConvert.singleToHalf(0xFFC0_0000, Fpcr.AHP, status));
    result(0x7FFF, IOC, FpConvert.singleToHalf(s(1e9f), Fpcr.AHP, status));
    result(0x7C00, 0, FpConvert.singleToHalf(s(65536), Fpcr.AHP, status));
    result(s(65536), 0, FpConvert.halfToSingle(0x7C00, Fpcr.AHP, status));
  }

  @Test
  void roundingToOddSetsTheLastBit() {                                     // FCVTXN
    result(s(1) | 1, IXC, FpConvert.doubleToSingleOdd(d(1 + 0x1p-50), 0, status));
    result(s(1), 0, FpConvert.doubleToSingleOdd(d(1), RP, status));
    result(0x7F7F_FFFF, OFC | IXC, FpConvert.doubleToSingleOdd(d(1e300), 0, status));
  }

  @Test
  void integersSaturateWithInvalidOperation() {                            // FPToFixed, SatQ
    result(0x7FFF_FFFF, IOC, Fp64.toSigned(d(1e10), 32, 0, Rounding.ZERO, 0, status));
    result(0x8000_0000L, IOC, Fp64.toSigned(d(-1e10), 32, 0, Rounding.ZERO, 0, status));
    result(0x8000_0000L, 0, Fp64.toSigned(d(-0x1p31), 32, 0, Rounding.ZERO, 0, status));
    result(Long.MIN_VALUE, 0, Fp64.toSigned(d(-0x1p63), 64, 0, Rounding.ZERO, 0, status));
    result(Long.MAX_VALUE, IOC, Fp64.toSigned(d(0x1p63), 64, 0, Rounding.ZERO, 0, status));
    result(-1, IOC, Fp64.toUnsigned(d(Double.POSITIVE_INFINITY), 64, 0, Rounding.ZERO, 0, status));
    result(0, IOC, Fp64.toUnsigned(d(-1), 64, 0, Rounding.ZERO, 0, status));
    result(0, IXC, Fp64.toUnsigned(d(-0.5), 64, 0, Rounding.ZERO, 0, status));
    result(0, IOC, Fp64.toSigned(d(Double.NaN), 64, 0, Rounding.ZERO, 0, status));
    result(0x7FFF, IOC, Fp16.toSigned(0x7C00, 16, 0, Rounding.ZERO, 0, status));
  }

  @Test
  void everyModeRoundsItsWay() {                                           // FPToFixed, FPRoundInt
    long[] expected = {-2, -2, -3, -2, -3};
    for (int mode = 0; mode < expected.length; mode++) {
      result(expected[mode], IXC, Fp64.toSigned(d(-2.5), 64, 0, mode, 0, status));
      result(d(expected[mode]), 0, Fp64.rint(d(-2.5), mode, 0, status));
      result(s(expected[mode]), 0, Fp32.rint(s(-2.5f), mode, 0, status));
    }
  }

  @Test
  void fractionBitsScaleBeforeRounding() {                                 // FPToFixed, FixedToFP
    result(3, 0, Fp64.toSigned(d(1.5), 32, 1, Rounding.ZERO, 0, status));
    result(0x8000_0000_0000_0000L, 0, Fp64.toUnsigned(d(0.5), 64, 64, Rounding.ZERO, 0, status));
    result(d(-0.5), 0, Fp64.fromSigned(Long.MIN_VALUE, 64, 0, status));
    result(d(0.5), 0, Fp64.fromUnsigned(Long.MIN_VALUE, 64, 0, status));
  }

  @Test
  void integersRoundInTheCurrentMode() {                                   // FixedToFP
    long x = (1L << 60) + 1;
    result(d(0x1p60), IXC, Fp64.fromSigned(x, 0, 0, status));
    result(d(0x1p60) + 1, IXC, Fp64.fromSigned(x, 0, RP, status));
    result(d(-0x1p60) + 1, IXC, Fp64.fromSigned(-x, 0, RM, status));
    result(d(0x1p64), IXC, Fp64.fromUnsigned(-1, 0, 0, status));
    result(0, 0, Fp64.fromSigned(0, 0, RM, status));
    result(0x7C00, OFC | IXC, Fp16.fromSigned(100_000, 0, Fpcr.AHP, status));    // AHP is for conversions between formats
  }

  @Test
  void onlyTheExactRoundingReportsInexact() {                              // FPRoundInt, exact
    result(d(2), 0, Fp64.rinti(d(2.5), 0, status));
    result(d(2), IXC, Fp64.rintx(d(2.5), 0, status));
    result(d(3), IXC, Fp64.rintx(d(2.5), RP, status));
    result(d(3), 0, Fp64.rintx(d(3), 0, status));
    result(MINUS, 0, Fp64.rint(d(-0.25), Rounding.TIE_EVEN, 0, status));
    result(d(1), 0, Fp64.rint(1, Rounding.PLUS, 0, status));
    result(0, IDC, Fp64.rint(1, Rounding.PLUS, Fpcr.FZ, status));
  }

  @Test
  void immediatesExpand() {                                                // VFPExpandImm
    assertEquals(d(1), FpImmediate.toDouble(0x70));
    assertEquals(d(-1.9375), FpImmediate.toDouble(0xFF));
    assertEquals(d(2), FpImmediate.toDouble(0x00));
    assertEquals(s(31), FpImmediate.toSingle(0x3F));
    assertEquals(s(0.125f), FpImmediate.toSingle(0x40));
    assertEquals(0x3C00, FpImmediate.toHalf(0x70));
  }
}
