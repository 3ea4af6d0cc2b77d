// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.fp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Compares {@link X87Wide} with integers of any size. */
class X87WideTest {
  private static final BigInteger WORD = BigInteger.ONE.shiftLeft(64);
  private final Random random = new Random(19);

  private X87Wide any() {
    long middle = random.nextInt(3) == 0 ? 0 : random.nextInt(3) == 0 ? -1 : random.nextLong();
    long low = random.nextInt(3) == 0 ? 0 : random.nextInt(3) == 0 ? -1 : random.nextLong();
    X87Wide x = X87Wide.constant(random.nextInt(9) == 0 ? random.nextInt(500) - 250 : random.nextInt(5), random.nextLong() | Long.MIN_VALUE,
        middle, low);
    return random.nextBoolean() ? x : x.negate();
  }

  private static BigInteger word(long x) {
    return BigInteger.valueOf(x).mod(WORD);
  }

  /** The value in units of 2^-1191. */
  private static BigInteger value(X87Wide x) {
    BigInteger significand = word(x.high).multiply(WORD).add(word(x.middle)).multiply(WORD).add(word(x.low));
    BigInteger magnitude = significand.shiftLeft(x.scale + 1000);
    return x.sign != 0 ? magnitude.negate() : magnitude;
  }

  /** Within so many units in the last of the 192 bits of the result, or of a number of the given scale. */
  private static void close(BigInteger expected, X87Wide x, int scale, int units) {
    assertTrue(x.high < 0 || x.high == 0 && expected.signum() == 0, "normalized");
    BigInteger error = value(x).subtract(expected).abs();
    BigInteger unit = BigInteger.valueOf(units).shiftLeft(Math.max(Math.max(x.scale, scale) + 1000, 0));
    assertTrue(error.compareTo(unit) <= 0, () -> expected.toString(16) + " came out as " + value(x).toString(16));
  }

  @Test
  void sumsDifferencesProductsAndQuotientsAreWithinTheLastPlaces() {
    for (int i = 0; i < 20_000; i++) {
      X87Wide a = any();
      X87Wide b = any();
      BigInteger x = value(a);
      BigInteger y = value(b);
      X87Wide c = new X87Wide();
      int scale = Math.max(a.scale, b.scale);   // what cancels leaves the error of the operands
      close(x.add(y), c.set(a).add(b), scale, 1);
      close(x.subtract(y), c.set(a).sub(b), scale, 1);
      close(x.multiply(y).shiftRight(1191), c.set(a).mul(b), -1000, 4);
      close(x.shiftLeft(1191).divide(y), c.set(a).div(b), -1000, 1);
    }
  }

  @Test
  void oneMinusSomethingTinyIsLessThanOneAndAQuotientThatIsNotExactSaysSo() {
    X87Wide x = new X87Wide().set(X87Wide.ONE).sub(X87Wide.constant(-5000, Long.MIN_VALUE, 0, 0));
    assertEquals(-1, x.scale);
    assertEquals(-1, x.high & x.middle);
    assertEquals(-2, x.low);
    assertEquals(1, X87Wide.reciprocal(3).low & 1);
    assertEquals(0, X87Wide.reciprocal(8).low);
  }

  @Test
  void equalNumbersCancel() {
    X87Wide x = any();
    assertEquals(0, new X87Wide().set(x).sub(x).high);
  }
}
