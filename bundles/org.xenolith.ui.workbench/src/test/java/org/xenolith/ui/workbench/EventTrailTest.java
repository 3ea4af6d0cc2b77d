package org.xenolith.ui.workbench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class EventTrailTest {
  private final EventTrail trail = new EventTrail();

  @Test void latestEventComesFirst() {
    trail.add("access", "/a", "one");
    trail.add("access", "/b", "two");
    assertEquals(new EventTrail.Entry(2, "access", "/b", "two"), trail.latest().getFirst());
    assertEquals(2, trail.latest().size());
  }

  @Test void oldEventsGoAndNumbersGoOn() {
    for (int i = 0; i <= EventTrail.KEPT; i++) {
      trail.add("access", "/a", "");
    }
    assertEquals(EventTrail.KEPT, trail.latest().size());
    assertEquals(EventTrail.KEPT + 1, trail.latest().getFirst().number());
    assertEquals(2, trail.latest().getLast().number());
  }

  @Test void clearedTrailBeginsAgain() {
    trail.add("access", "/a", "");
    trail.clear();
    trail.add("access", "/b", "");
    assertEquals(1, trail.latest().getFirst().number());
  }
}
