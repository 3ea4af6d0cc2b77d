package org.xenolith.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class BenchSeriesTest {
  private final BenchSeries series = new BenchSeries("int", "ms");

  @Test void theMedianIsQuotedNotTheMean() {
    series.add(true, 10);
    series.add(true, 1000);
    series.add(true, 20);
    assertEquals(20, series.ours());
  }

  @Test void anEvenNumberOfRunsTakesTheMiddleOfTheTwo() {
    series.add(false, 10);
    series.add(false, 20);
    assertEquals(15, series.peer());
  }

  @Test void instructionsPerSecondAreInMillions() {
    series.instructions(200e6, 1000);
    assertEquals(200, series.mips(), 1e-9);
  }

  @Test void differentChecksumsAreAFault() {
    series.sum(true, "1");
    String says = assertThrows(IllegalStateException.class, () -> series.sum(false, "2")).getMessage();
    assertTrue(says.contains("int") && says.contains("1") && says.contains("2"), says);
  }
}
