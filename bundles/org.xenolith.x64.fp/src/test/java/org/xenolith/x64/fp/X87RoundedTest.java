// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.fp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Compares transcendental functions with correctly rounded results, computed independently by {@code x87-rounded.py}. */
class X87RoundedTest {
  private static final Path RECORDS = Path.of(System.getProperty("basedir", "."),
      "src/test/resources/org/xenolith/x64/fp/x87-rounded.txt");
  private static final int COMPARED = Mxcsr.FLAGS | X87Control.C2 | X87Control.C1;

  private static int signExponent(String number) {
    return Integer.parseInt(number, 0, 4, 16);
  }

  private static long significand(String number) {
    return Long.parseUnsignedLong(number, 5, 21, 16);
  }

  private static String result(X87Result r) {
    return String.format("%04x:%016x %03x", r.signExponent, r.significand, r.flags & COMPARED);
  }

  @Test
  void everyResultIsCorrectlyRounded() throws IOException {
    var wrong = new ArrayList<String>();
    var r = new X87Result();
    int tiny = 0;
    List<String> lines = Files.readAllLines(RECORDS);
    for (String line : lines) {
      String[] field = line.split(" ");
      int cw = X87Control.RESET | Integer.parseInt(field[1]) << 10;
      X87Vectors.run(Integer.parseInt(field[0]), signExponent(field[2]), significand(field[2]), signExponent(field[3]), significand(
          field[3]),
          cw, r);
      tiny += r.flags & Mxcsr.UE;
      if (!result(r).equals(field[4] + " " + field[5])) {
        wrong.add(line + ", but was " + result(r));
      }
    }
    assertEquals(List.of(), wrong);
    assertEquals(840, lines.size());
    assertTrue(tiny > 20 * Mxcsr.UE, "tiny results");
  }

  /** Outside of the range that the SDM defines, and as AMD's family 1Ah (model 2) was seen to do. */
  @Test
  void logarithmsThatAreIntegersAreExactHoweverIsRounded() {
    var r = new X87Result();
    for (int n = 1; n <= 64; n++) {
      long ones = -1L << 64 - n;
      long product = 3L * n;
      int zeros = Long.numberOfLeadingZeros(product);
      String expected = "%04x:%016x 020".formatted(Extended.BIAS + 63 - zeros, product << zeros);
      String negative = "%04x:%016x 020".formatted(0x8000 | Extended.BIAS + 63 - zeros, product << zeros);
      for (int rounding = 0; rounding < 4; rounding++) {
        int cw = X87Control.RESET | rounding << 10;
        X87Logarithm.logarithmPlusOne(Extended.BIAS + n - 1, ones, Extended.BIAS + 1, 0xC000_0000_0000_0000L, cw, r);
        assertEquals(expected, result(r), "3 * log2(2^" + n + " - 1 + 1), rounding " + rounding);
        X87Logarithm.logarithmPlusOne(0x8000 | Extended.BIAS - 1, ones, Extended.BIAS + 1, 0xC000_0000_0000_0000L, cw, r);
        assertEquals(negative, result(r), "3 * log2(2^-" + n + " - 1 + 1), rounding " + rounding);
        // A denormal result, though exact, underflows: DE, UE, PE.
        X87Logarithm.logarithmPlusOne(Extended.BIAS + n - 1, ones, 0, 1, cw, r);
        assertEquals("0000:%016x 032".formatted(n), result(r), "log2(2^" + n + ") of the least denormal, rounding " + rounding);
      }
    }
  }

  @Test
  void sineAndCosineTogetherAreTheTwoAlone() {
    var both = new X87Result();
    var one = new X87Result();
    long significand = 0x9E37_79B9_7F4A_7C15L;
    for (int se = 0x3FB0; se < 0x403E; se++) {
      significand = significand * 0xD129_42BB_3F25_7F1DL + 1 | Long.MIN_VALUE;
      X87Trigonometric.sineAndCosine(se, significand, X87Control.RESET, both);
      X87Trigonometric.sine(se, significand, X87Control.RESET, one);
      assertEquals(result(one), result(both));
      X87Trigonometric.cosine(se, significand, X87Control.RESET, one);
      assertEquals(one.signExponent, both.pushedSignExponent);
      assertEquals(one.significand, both.pushedSignificand);
    }
  }

  @Test
  void anglesOutOfRangeAreLeftAlone() {
    var r = new X87Result();
    X87Trigonometric.cosine(0xC03E, Long.MIN_VALUE, X87Control.RESET, r);
    assertEquals("c03e:8000000000000000 400", result(r));
    X87Trigonometric.cosine(0xC03D, -1, X87Control.RESET, r);
    assertEquals(0, r.flags & X87Control.C2);
  }
}
