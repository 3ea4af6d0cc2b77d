// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.pvtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Against the formula of the public header xen.h, in whole numbers of any size. */
class TimeScaleTest {
  private static final long SECOND = 1_000_000_000L;

  /** What a guest makes of ticks. */
  private static long nanoseconds(TimeScale scale, long ticks) {
    BigInteger shifted = scale.shift() < 0 ? BigInteger.valueOf(ticks).shiftRight(-scale.shift())
        : BigInteger.valueOf(ticks).shiftLeft(scale.shift());
    return shifted.multiply(BigInteger.valueOf(Integer.toUnsignedLong(scale.multiplier()))).shiftRight(32).longValueExact();
  }

  @Test
  void aNanosecondATickIsExact() {
    assertEquals(new TimeScale(0x8000_0000, 1), TimeScale.of(SECOND));
    for (long ticks : new long[] {0, 1, 2, 999, SECOND, 86_400 * SECOND + 1}) {
      assertEquals(ticks, nanoseconds(TimeScale.of(SECOND), ticks));
    }
  }

  @Test
  void theCustomaryFrequenciesHaveXensScales() {
    assertEquals(new TimeScale(0x8000_0000, 0), TimeScale.of(2 * SECOND));
    assertEquals(new TimeScale((int) 0xD555_5555L, -1), TimeScale.of(2_400_000_000L));
    assertEquals(new TimeScale((int) 0xAAAA_AAAAL, 0), TimeScale.of(1_500_000_000L));
    assertEquals(new TimeScale((int) 0xA000_0000L, 4), TimeScale.of(100_000_000L));
  }

  @Test
  void noFrequencyLosesMoreThanATickAndTwoInABillion() {
    SplittableRandom random = new SplittableRandom(11);
    for (int i = 0; i < 10_000; i++) {
      long hertz = random.nextLong(1_000_000, 0xFFFF_FFFFL);
      TimeScale scale = TimeScale.of(hertz);
      assertTrue(scale.multiplier() < 0, () -> hertz + " Hz: " + scale);
      long ticks = random.nextLong(100 * hertz);
      long exact = BigInteger.valueOf(ticks).multiply(BigInteger.valueOf(SECOND)).divide(BigInteger.valueOf(hertz)).longValueExact();
      long loss = exact - nanoseconds(scale, ticks);
      assertTrue(loss >= 0 && loss <= 2 + exact / 500_000_000, () -> hertz + " Hz, " + ticks + " ticks: " + loss);
    }
  }

  @Test
  void theLastTickIsNowOrLessThanATickBefore() {
    assertEquals(20, TimeScale.lastTick(29, 100_000_000));
    assertEquals(30, TimeScale.lastTick(30, 100_000_000));
    assertEquals(7 * SECOND, TimeScale.lastTick(7 * SECOND + 900, 1_000_000));
    SplittableRandom random = new SplittableRandom(12);
    for (int i = 0; i < 1000; i++) {
      long now = random.nextLong(1L << 50);
      assertEquals(now, TimeScale.lastTick(now, random.nextLong(SECOND, 0xFFFF_FFFFL)));
    }
  }
}
