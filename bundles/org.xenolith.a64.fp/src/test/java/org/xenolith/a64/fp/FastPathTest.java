// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.fp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import org.junit.jupiter.api.Test;

/** The host's arithmetic against the integer arithmetic, bit for bit and flag for flag, on random and awkward operands. */
class FastPathTest {
  private static final long SEED = 0x5EED_F0A7L;
  private static final int ROUNDS = 60_000;

  interface Slow {
    long run(FpFormat f, long a, long b, long c, int fpcr, FpStatus status);
  }

  @Test
  void sumsAgree() {
    agree("fadd", (f, a, b, c, p, s) -> SoftArithmetic.add(f, a, b, 0, p, s));
    agree("fsub", (f, a, b, c, p, s) -> SoftArithmetic.add(f, a, b, 1, p, s));
  }

  @Test
  void productsAndQuotientsAgree() {
    agree("fmul", (f, a, b, c, p, s) -> SoftArithmetic.mul(f, a, b, false, p, s));
    agree("fmulx", (f, a, b, c, p, s) -> SoftArithmetic.mul(f, a, b, true, p, s));
    agree("fdiv", (f, a, b, c, p, s) -> SoftArithmetic.div(f, a, b, p, s));
  }

  @Test
  void rootsAgree() {
    agree("fsqrt", (f, a, b, c, p, s) -> SoftArithmetic.sqrt(f, a, p, s));
  }

  @Test
  void fusedProductsAgree() {
    agree("fmadd", (f, a, b, c, p, s) -> SoftFused.mulAdd(f, c, a, b, p, s));
  }

  @Test
  void extremesAgree() {
    agree("fmax", (f, a, b, c, p, s) -> SoftCompare.max(f, a, b, 0, false, p, s));
    agree("fmin", (f, a, b, c, p, s) -> SoftCompare.max(f, a, b, 1, false, p, s));
    agree("fmaxnm", (f, a, b, c, p, s) -> SoftCompare.max(f, a, b, 0, true, p, s));
    agree("fminnm", (f, a, b, c, p, s) -> SoftCompare.max(f, a, b, 1, true, p, s));
  }

  @Test
  void comparisonsAgree() {
    agree("fcmp d0, d1", (f, a, b, c, p, s) -> SoftCompare.compare(f, a, b, false, p, s));
    agree("fcmp s0, s1", (f, a, b, c, p, s) -> SoftCompare.compare(f, a, b, false, p, s));
    agree("fcmpe d0, d1", (f, a, b, c, p, s) -> SoftCompare.compare(f, a, b, true, p, s));
    agree("fcmpe s0, s1", (f, a, b, c, p, s) -> SoftCompare.compare(f, a, b, true, p, s));
  }

  @Test
  void integralRoundingsAgree() {
    for (int mode = Rounding.TIE_EVEN; mode <= Rounding.TIE_AWAY; mode++) {
      int m = mode;
      agree("frint" + "npmza".charAt(mode), (f, a, b, c, p, s) -> SoftRound.integral(f, a, m, false, p, s));
    }
    agree("frintx", (f, a, b, c, p, s) -> SoftRound.integral(f, a, Fpcr.rounding(p), true, p, s));
  }

  @Test
  void conversionsAgree() {
    agree("fcvtzs x3, d0", (f, a, b, c, p, s) -> SoftRound.toFixed(f, a, 64, 0, false, Rounding.ZERO, p, s));
    agree("fcvtzs w3, d0", (f, a, b, c, p, s) -> SoftRound.toFixed(f, a, 32, 0, false, Rounding.ZERO, p, s));
    agree("fcvtzs x3, s0", (f, a, b, c, p, s) -> SoftRound.toFixed(f, a, 64, 0, false, Rounding.ZERO, p, s));
    agree("fcvtzs w3, s0", (f, a, b, c, p, s) -> SoftRound.toFixed(f, a, 32, 0, false, Rounding.ZERO, p, s));
    agree("scvtf d3, x10", (f, a, b, c, p, s) -> fromFixed(FpFormat.DOUBLE, a, false, p, s));
    agree("scvtf s3, x10", (f, a, b, c, p, s) -> fromFixed(FpFormat.SINGLE, a, false, p, s));
    agree("ucvtf d3, x10", (f, a, b, c, p, s) -> fromFixed(FpFormat.DOUBLE, a, true, p, s));
    agree("ucvtf s3, x10", (f, a, b, c, p, s) -> fromFixed(FpFormat.SINGLE, a, true, p, s));
    agree("fcvt d3, s0", (f, a, b, c, p, s) -> convert(f, FpFormat.DOUBLE, a, p, s));
    agree("fcvt s3, d0", (f, a, b, c, p, s) -> convert(f, FpFormat.SINGLE, a, p, s));
  }

  private static long fromFixed(FpFormat f, long a, boolean unsigned, int fpcr, FpStatus status) {
    return SoftRound.fromFixed(f, a, 0, unsigned, Fpcr.rounding(fpcr), fpcr, status);
  }

  private static long convert(FpFormat from, FpFormat to, long a, int fpcr, FpStatus status) {
    return SoftConvert.convert(from, to, a, Fpcr.rounding(fpcr), fpcr, status);
  }

  /** Both precisions of the mnemonic, or the one instruction if the text has operands. */
  private static void agree(String text, Slow slow) {
    int found = 0;
    for (Operation operation : Operation.all().values()) {
      boolean named = text.contains(" ") ? operation.text().equals(text)
          : operation.text().startsWith(text + " ") && operation.result() != 16;
      if (named) {
        found++;
        agree(operation, slow);
      }
    }
    assertEquals(text.contains(" ") ? 1 : 2, found, "operations named " + text);
  }

  private static void agree(Operation operation, Slow slow) {
    var operands = new Operands(SEED);
    FpFormat f = Operands.format(operation.sources()[0]);
    var expected = new FpStatus();
    for (int i = 0; i < ROUNDS; i++) {
      long[] v = operands.next(operation);
      int fpcr = i % 4 == 0 ? operands.fpcr() : 0;
      expected.fpsr = i % 3 == 0 ? FpStatus.IXC : 0;
      int before = expected.fpsr;
      long r = slow.run(f, v[0], v[1], v[2], fpcr, expected);
      long[] got = operation.run(v[0], v[1], v[2], fpcr, before);
      if (got[0] != r || got[1] != expected.fpsr) {
        fail(String.format("%s, seed %x, round %d: FPCR %x, FPSR %x, operands %x %x %x: integer way %x %x, fast way %x %x",
            operation, SEED, i, fpcr, before, v[0], v[1], v[2], r, expected.fpsr, got[0], got[1]));
      }
    }
  }
}
