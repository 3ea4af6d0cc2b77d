// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.fp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

class SseEstimateTest {
  private static final double BOUND = 1.5 * 0x1p-12;

  @Test
  void relativeErrorIsWithinTheArchitecturesBound() {
    var random = new Random(5);
    for (int i = 0; i < 200_000; i++) {
      int a = random.nextInt(0x0080_0000, 0x7E80_0000);
      double x = Float.intBitsToFloat(a);
      assertTrue(Math.abs(Float.intBitsToFloat(SseEstimate.recip(a)) * x - 1) < BOUND, () -> "1 / " + x);
      double r = Float.intBitsToFloat(SseEstimate.recipSqrt(a));
      assertTrue(Math.abs(r * Math.sqrt(x) - 1) < BOUND, () -> "1 / sqrt " + x);
    }
  }

  @Test
  void specialOperandsGiveWhatTheManualSays() {
    assertEquals(0x7F80_0000, SseEstimate.recip(0));
    assertEquals(0xFF80_0000, SseEstimate.recip(0x8000_0001));
    assertEquals(0x8000_0000, SseEstimate.recip(0xFF80_0000));
    assertEquals(0x7FC0_0001, SseEstimate.recip(0x7F80_0001));
    assertEquals(0xFF80_0000, SseEstimate.recipSqrt(0x8000_0000));
    assertEquals(0, SseEstimate.recipSqrt(0x7F80_0000));
    assertEquals(0xFFC0_0000, SseEstimate.recipSqrt(0xBF80_0000));
    assertEquals(0xFFC0_0000, SseEstimate.recipSqrt(0xFF80_0000));
  }

  /** The sums are those that {@code sse-estimates.c} prints on a processor of AMD's family 1Ah, model 2: of operands over the whole range, in that order. */
  @Test
  void resultsAreThoseOfOneProcessor() {
    int reciprocals = 0;
    int roots = 0;
    for (int i = 0; i < 1 << 22; i++) {
      int a = i * 0x9E37_79B1;
      reciprocals = reciprocals * 31 + SseEstimate.recip(a);
      roots = roots * 31 + SseEstimate.recipSqrt(a);
    }
    assertEquals("ab4db996 75c70196", "%08x %08x".formatted(reciprocals, roots));
    assertEquals(0x3F7F_F000, SseEstimate.recip(0x3F80_0000));
    assertEquals(0x3F7F_F800, SseEstimate.recipSqrt(0x3F80_0000));
  }
}
