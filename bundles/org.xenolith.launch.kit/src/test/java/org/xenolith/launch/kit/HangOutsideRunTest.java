// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HangOutsideRunTest {
  private static final String TEXT = "/uart: org.x.uart 1.0.0 has not come back for 3 s, making\n    at org.x.Uart.create(Uart.java:7)";
  private static final String LINE = "/uart: org.x.uart 1.0.0 has not come back for 3 s, making";
  private final List<String> lines = new ArrayList<>();
  private final HangOutsideRun outside = new HangOutsideRun(lines::add);

  @Test
  void whoeverDecidesIsToldOfAModelThatHangsWhileNoGuestRuns() {
    outside.event("odd", "/uart", "something else");
    assertEquals("", outside.who());
    outside.event(HangOutsideRun.HANGS, "/uart", TEXT);
    assertEquals(List.of(LINE), lines);
    assertEquals(LINE, outside.who());
  }

  @Test
  void whileAGuestRunsWhoDrivesItDecides() {
    outside.runs(true);
    outside.event(HangOutsideRun.HANGS, "/uart", TEXT);
    assertEquals(List.of(), lines);
    assertEquals("", outside.who());
  }

  @Test
  void aCallLastsUntilItComesBackOrTheGuestRunsOrAnotherHangs() {
    outside.event(HangOutsideRun.HANGS, "/uart", TEXT);
    int first = outside.number();
    assertTrue(outside.lasts(first));
    outside.event("model-came-back", "/uart", "it came back after 4 s");
    assertFalse(outside.lasts(first));
    assertEquals("", outside.who());
    outside.event(HangOutsideRun.HANGS, "/uart", TEXT);
    int second = outside.number();
    assertFalse(outside.lasts(first));
    assertTrue(outside.lasts(second));
    outside.runs(true);
    assertFalse(outside.lasts(second));
  }
}
