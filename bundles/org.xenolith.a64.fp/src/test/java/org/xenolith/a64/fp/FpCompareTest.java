// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.fp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.xenolith.a64.fp.FpStatus.IDC;
import static org.xenolith.a64.fp.FpStatus.IOC;

import org.junit.jupiter.api.Test;

/** Comparisons, maxima and minima, by clause of the Arm ARM's pseudocode. */
class FpCompareTest {
  private static final int QUIET = 0x7FC0_0123;
  private static final int SIGNALLING = 0xFF80_0001;
  private static final int MINUS = Integer.MIN_VALUE;

  private final FpStatus status = new FpStatus();

  private static int s(float x) {
    return Float.floatToRawIntBits(x);
  }

  private void result(int expected, int flags, int actual) {
    assertEquals(Integer.toHexString(expected), Integer.toHexString(actual));
    assertEquals(flags, status.fpsr, "FPSR");
    status.fpsr = 0;
  }

  @Test
  void orderIsGivenAsNzcv() {                                              // FPCompare
    result(0b1000, 0, Fp32.cmp(s(-1), s(1), 0, status));
    result(0b0110, 0, Fp32.cmp(0, MINUS, 0, status));
    result(0b0010, 0, Fp32.cmp(s(Float.POSITIVE_INFINITY), s(1), 0, status));
  }

  @Test
  void unorderedIsInvalidOnlyWhenSignalling() {                            // FPCompare, signal_nans
    result(0b0011, 0, Fp32.cmp(QUIET, s(1), 0, status));
    result(0b0011, IOC, Fp32.cmpe(QUIET, s(1), 0, status));
    result(0b0011, IOC, Fp32.cmp(s(1), SIGNALLING, 0, status));
  }

  @Test
  void flushedSubnormalsCompareAsZero() {                                  // FPUnpack
    result(0b0010, 0, Fp32.cmp(1, 0, 0, status));
    result(0b0110, IDC, Fp32.cmp(1, 0, Fpcr.FZ, status));
  }

  @Test
  void masksAreFalseForNansAndOnlyEqualIsQuiet() {                         // FPCompareEQ, FPCompareGE, FPCompareGT
    result(0, 0, Fp32.cmeq(QUIET, QUIET, 0, status));
    result(0, IOC, Fp32.cmge(QUIET, QUIET, 0, status));
    result(0, IOC, Fp32.cmgt(s(1), QUIET, 0, status));
    result(-1, 0, Fp32.cmge(s(1), s(1), 0, status));
    result(0, 0, Fp32.cmgt(s(1), s(1), 0, status));
    result(-1, 0, Fp32.cmgt(s(2), s(1), 0, status));
    result(0xFFFF, 0, Fp16.cmeq(0x8000, 0, 0, status));
  }

  @Test
  void absoluteMasksIgnoreTheSigns() {                                     // FACGE, FACGT
    result(-1, 0, Fp32.acge(s(-2), s(2), 0, status));
    result(-1, 0, Fp32.acgt(s(-3), s(2), 0, status));
    result(0, 0, Fp32.acgt(s(-2), s(2), 0, status));
  }

  @Test
  void zerosAreOrderedBySignForMaximumAndMinimum() {                       // FPMax, FPMin
    result(0, 0, Fp32.max(MINUS, 0, 0, status));
    result(MINUS, 0, Fp32.min(MINUS, 0, 0, status));
  }

  @Test
  void maximumPropagatesNansAndMaximumNumberPrefersNumbers() {             // FPMax, FPMaxNum
    result(QUIET, 0, Fp32.max(s(1), QUIET, 0, status));
    result(s(1), 0, Fp32.maxnm(s(1), QUIET, 0, status));
    result(s(-1), 0, Fp32.minnm(QUIET, s(-1), 0, status));
    result(SIGNALLING | 1 << 22, IOC, Fp32.maxnm(s(1), SIGNALLING, 0, status));
    result(SIGNALLING | 1 << 22, IOC, Fp32.maxnm(QUIET, SIGNALLING, 0, status));
    result(QUIET, 0, Fp32.maxnm(QUIET, QUIET, 0, status));
    result(MINUS, IDC, Fp32.minnm(QUIET, MINUS | 1, Fpcr.FZ, status));
  }
}
