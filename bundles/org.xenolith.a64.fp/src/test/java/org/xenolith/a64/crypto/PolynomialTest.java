// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** Carry-less products. */
class PolynomialTest {
  @Test
  void publishedProductIsReproduced() {
    // Gueron and Kounavis, "Intel Carry-Less Multiplication Instruction and its Usage", PCLMULQDQ examples
    long a = 0x63746F725D53475DL;
    long b = 0x5B477565726F6E5DL;
    assertEquals(0x929633D5D36F0451L, Polynomial.low(a, b));
    assertEquals(0x1D4D84C85C3440C0L, Polynomial.high(a, b));
  }

  @Test
  void fullOperandsDoNotCarry() {
    assertEquals(0x5555_5555_5555_5555L, Polynomial.low(-1, -1));    // squaring spreads the bits
    assertEquals(0x5555_5555_5555_5555L, Polynomial.high(-1, -1));
  }

  @Test
  void productsEqualSchoolbookMultiplication() {
    long seed = 0x90_1234L;
    var random = new Random(seed);
    for (int n = 0; n < 20_000; n++) {
      long a = random.nextLong() | random.nextLong();
      long b = random.nextLong() | random.nextLong();
      long low = 0;
      long high = 0;
      for (int bit = 0; bit < 64; bit++) {
        if ((b >>> bit & 1) != 0) {
          low ^= a << bit;
          high ^= bit == 0 ? 0 : a >>> 64 - bit;
        }
      }
      assertEquals(low, Polynomial.low(a, b), "seed " + seed + ", number " + n);
      assertEquals(high, Polynomial.high(a, b), "seed " + seed + ", number " + n);
      assertEquals(Polynomial.low(a & 0xFF, b & 0xFF), Polynomial.multiply8((int) a, (int) b));
    }
  }
}
