// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.timer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.math.BigInteger;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.xenolith.machine.api.ModelException;

class CounterScaleTest {
  private static final BigInteger SECOND = BigInteger.valueOf(1_000_000_000);

  @Test
  void bothDirectionsAreExact() {
    long seed = 0x5EED_0003L;
    Random random = new Random(seed);
    for (long hertz : new long[] {1, 3, 32_768, 1_000_000, 24_000_000, 50_000_000, 62_500_000, 100_000_001,
        999_999_999, 1_000_000_000}) {
      CounterScale scale = new CounterScale(hertz, "test");
      BigInteger f = BigInteger.valueOf(hertz);
      for (int i = 0; i < 20_000; i++) {
        String what = "seed " + seed + ", " + hertz + " Hz, round " + i;
        long ns = random.nextLong() >>> 2 + random.nextInt(60);
        assertEquals(BigInteger.valueOf(ns).multiply(f).divide(SECOND).longValueExact(), scale.ticks(ns), what);
        long ticks = random.nextLong() >>> 4 + random.nextInt(58);
        BigInteger first = BigInteger.valueOf(ticks).multiply(SECOND).add(f).subtract(BigInteger.ONE).divide(f);
        long expected = first.bitLength() > 63 ? CounterScale.NEVER : first.longValueExact();
        long got = scale.nanoseconds(ticks);
        if (expected == CounterScale.NEVER || got == CounterScale.NEVER) {
          // Within a second of the end of time both answers are the same: never.
          assertEquals(Long.MAX_VALUE / 1e9, Math.min(got, expected) / 1e9, 2, what);
        } else {
          assertEquals(expected, got, what);
          assertEquals(ticks, scale.ticks(got), what);
          if (got > 0) {
            assertEquals(ticks - 1, scale.ticks(got - 1), what);
          }
        }
      }
    }
  }

  @Test
  void negativeCountsNeverCome() {
    assertEquals(CounterScale.NEVER, new CounterScale(62_500_000, "test").nanoseconds(-1));
    assertEquals(CounterScale.NEVER, new CounterScale(1, "test").nanoseconds(Long.MAX_VALUE));
  }

  @Test
  void frequencyMustBePossible() {
    assertThrows(ModelException.class, () -> new CounterScale(0, "test"));
    assertThrows(ModelException.class, () -> new CounterScale(5_000_000_000L, "test"));
  }
}
