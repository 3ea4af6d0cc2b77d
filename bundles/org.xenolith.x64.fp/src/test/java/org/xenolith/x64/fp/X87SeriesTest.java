// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.fp;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Identities of the functions, to 175 bits: rounded results would show an error of some hundred bits hardly ever. That these are the right
 * functions, {@link X87RoundedTest} shows.
 */
class X87SeriesTest {
  private final X87Series s = new X87Series();
  private final X87Wide kept = new X87Wide();
  private final Random random = new Random(20);

  private void operand(int scale) {
    s.x.set(Extended.BIAS + scale | (random.nextBoolean() ? 0x8000 : 0), random.nextLong() | Long.MIN_VALUE);
    kept.set(s.x);
  }

  private void near(X87Wide expected, X87Wide x) {
    int scale = expected.scale;
    X87Wide error = new X87Wide().set(x).sub(expected);
    assertTrue(error.high == 0 || error.scale < scale - 175, () -> "differs at bit " + (scale - error.scale));
  }

  @Test
  void squaresOfSineAndCosineAddUpToOne() {
    for (int i = 0; i < 400; i++) {
      operand(-1 - i / 20);
      if (s.x.scale == -1) {
        s.x.high &= ~(1L << 62);   // below 3/4
      }
      s.sineAndCosine();
      var sum = new X87Wide().set(s.x).mul(s.x).add(new X87Wide().set(s.y).mul(s.y));
      near(X87Wide.ONE, sum);
    }
  }

  @Test
  void theAngleOfSineAndCosineIsTheOperand() {
    for (int i = 0; i < 400; i++) {
      operand(-2 - i / 10);
      s.sineAndCosine();
      X87Wide sine = new X87Wide().set(s.x);
      s.x.set(s.y);
      s.y.set(sine);
      s.angle();
      near(kept, s.y);
    }
  }

  @Test
  void theLogarithmUndoesThePower() {
    for (int i = 0; i < 400; i++) {
      operand(-1 - i / 10);
      s.powerMinusOne();
      s.logarithmOfOnePlus();
      near(kept, s.x);
    }
  }

  @Test
  void theTangentIsSineByCosineAndSoIsItsInverse() {
    for (int i = 0; i < 200; i++) {
      operand(-2 - i / 2);
      s.tangent(false);
      X87Wide tangent = new X87Wide().set(s.x);
      s.x.set(kept);
      s.tangent(true);
      near(X87Wide.ONE, s.x.mul(tangent).negate());
      s.x.set(X87Wide.ONE);
      s.y.set(tangent);
      s.angle();
      near(kept, s.y);
    }
  }
}
