// SPDX-License-Identifier: EPL-2.0
package org.xenolith.ui.workbench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class EventTrailTest {
  private final EventTrail trail = new EventTrail();

  @Test
  void latestEventComesFirst() {
    trail.add(0, "access", "/a", "one");
    trail.add(1_500_000_000L, "access", "/b", "two");
    assertEquals(new EventTrail.Entry(2, 1_500_000_000L, "access", "/b", "two"), trail.latest().getFirst());
    assertEquals(2, trail.latest().size());
  }

  @Test
  void oldEventsGoAndNumbersGoOn() {
    for (int i = 0; i <= EventTrail.KEPT; i++) {
      trail.add(0, "access", "/a", "");
    }
    assertEquals(EventTrail.KEPT, trail.latest().size());
    assertEquals(EventTrail.KEPT + 1, trail.latest().getFirst().number());
    assertEquals(2, trail.latest().getLast().number());
  }

  @Test
  void clearedTrailBeginsAgain() {
    trail.add(0, "access", "/a", "");
    trail.clear();
    trail.add(0, "access", "/b", "");
    assertEquals(1, trail.latest().getFirst().number());
  }

  @Test
  void timeIsSecondsToTheNanosecond() {
    trail.add(12_000_000_034L, "access", "/a", "");
    assertEquals("12.000000034", trail.latest().getFirst().seconds());
    trail.add(EventTrail.NO_TIME, "access", "/a", "");
    assertEquals("", trail.latest().getFirst().seconds());
  }
}
