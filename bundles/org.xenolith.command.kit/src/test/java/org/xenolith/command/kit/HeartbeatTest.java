// SPDX-License-Identifier: EPL-2.0
package org.xenolith.command.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HeartbeatTest {
  private static final long SECOND = 1_000_000_000L;
  private final StringWriter told = new StringWriter();

  private static List<Long> linesAt(Heartbeat work, long from, int seconds) {
    List<Long> all = new ArrayList<>();
    for (long s = 0; s <= seconds; s++) {
      if (!work.line(from + s * SECOND + SECOND / 2).isEmpty()) {
        all.add(s);
      }
    }
    return all;
  }

  @Test
  void itIsToldAtFirstSoonAndThenEachMinute() {
    try (Heartbeat work = new Heartbeat(new PrintWriter(told), Heartbeat.PERSON)) {
      work.begins("topology lint");
      long now = System.nanoTime();
      assertEquals(List.of(2L, 10L, 30L, 60L, 120L, 180L), linesAt(work, now, 200));
    }
  }

  @Test
  void aLogIsToldAsOftenAsItsReaderLooks() {
    try (Heartbeat work = new Heartbeat(new PrintWriter(told), Heartbeat.LOG)) {
      work.begins("packages lock");
      assertEquals(List.of(30L, 60L, 120L, 180L), linesAt(work, System.nanoTime(), 200));
    }
  }

  @Test
  void whatElseIsToldAndWhatIsDoneNextBeginAnew() {
    try (Heartbeat work = new Heartbeat(new PrintWriter(told), Heartbeat.PERSON)) {
      work.begins("image make");
      long now = System.nanoTime();
      assertEquals("xenolith: image make, for 3 s now", work.line(now + 3 * SECOND + SECOND / 2));
      work.heard();
      assertEquals("", work.line(now + SECOND));
      assertEquals("xenolith: image make, for 2 s now", work.line(now + 2 * SECOND + SECOND / 2), "since it was heard of last");
      work.begins("");
      assertEquals("", work.line(now + 1000 * SECOND), "nobody waits");
    }
  }

  @Test
  void aPersonIsTold() throws InterruptedException {
    try (Heartbeat work = Heartbeat.to(new PrintWriter(told), Heartbeat.PERSON)) {
      work.begins("run");
      for (int i = 0; i < 600 && told.toString().isEmpty(); i++) {
        Thread.sleep(100);
      }
    }
    assertEquals("xenolith: run, for 2 s now", told.toString().strip());
  }
}
