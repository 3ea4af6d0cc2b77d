// SPDX-License-Identifier: EPL-2.0
package org.xenolith.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class FigureTest {
  private final Figure figure = new Figure(BenchPart.WORKLOADS, "workloads.int.first", "ms", "int, first pass");

  @Test
  void theMedianIsQuotedNotTheMean() {
    figure.add(true, 10, 0);
    figure.add(true, 1000, 0);
    figure.add(true, 20, 0);
    assertEquals(20, figure.ours.median());
    assertEquals(10, figure.ours.least());
    assertEquals(1000, figure.ours.most());
  }

  @Test
  void anEvenNumberOfRunsTakesTheMiddleOfTheTwo() {
    figure.add(false, 10, 0);
    figure.add(false, 20, 0);
    assertEquals(15, figure.peer.median());
  }

  @Test
  void theRatioIsOursByThePeers() {
    figure.add(true, 30, 0);
    assertTrue(Double.isNaN(figure.ratio()), "there is no peer yet");
    figure.add(false, 20, 0);
    assertEquals(1.5, figure.ratio());
  }

  @Test
  void instructionsPerSecondAreInMillions() {
    figure.instructions(200e6, 1000);
    assertEquals(200, figure.mips(), 1e-9);
  }

  @Test
  void differentChecksumsOfTheSidesAreAFault() {
    figure.sum(true, "1");
    String says = assertThrows(IllegalStateException.class, () -> figure.sum(false, "2")).getMessage();
    assertTrue(says.contains("int") && says.contains("1") && says.contains("2"), says);
  }

  @Test
  void differentChecksumsOfTwoPassesAreAFault() {
    figure.sum(true, "1");
    figure.sum(true, "1");
    assertThrows(IllegalStateException.class, () -> figure.sum(true, "2"));
  }

  @Test
  void whatTheSystemDoesNotSayIsLeftOut() {
    figure.add(true, Double.NaN, 0);
    assertTrue(figure.ours.isEmpty());
  }
}
