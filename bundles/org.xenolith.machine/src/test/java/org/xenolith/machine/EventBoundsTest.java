// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.machine.api.EventLog;

/** Whatever a model reports of what a guest does, the log has so much of it. */
class EventBoundsTest {
  private final CountedEventLog log = new CountedEventLog();

  @Test
  void placesThatAGuestChooses() {
    List<String> heard = new ArrayList<>();
    log.listener((kind, place, text) -> heard.add(text));
    int more = CountedEventLog.MOST_PLACES + 5000;
    for (int i = 0; i < more; i++) {
      log.report("kind", "place" + i, "text");
    }
    assertEquals(more, log.count("kind"));
    assertEquals(CountedEventLog.MOST_PLACES, log.places());
    // Those of all other places are counted together.
    assertEquals(CountedEventLog.MOST_PLACES + CountedEventLog.TOLD + 5, heard.size());
  }

  @Test
  void kindsThatAGuestChooses() {
    for (int i = 0; i < CountedEventLog.MOST_KINDS + 100; i++) {
      log.report("kind" + i, "place", "text");
    }
    assertEquals(CountedEventLog.MOST_KINDS + 1, log.counts().size());
    assertEquals(100, log.count(CountedEventLog.OTHERS));
  }

  @Test
  void howAnEventIsReportedIsHowItIsTold() {
    List<String> heard = new ArrayList<>();
    log.listener(new EventLog() {
      @Override
      public void report(String kind, String place, String text) {
        heard.add("report " + text);
      }

      @Override
      public void announce(String kind, String place, String text) {
        heard.add("announce " + text);
      }

      @Override
      public void hostFailed(String kind, String place, String text) {
        heard.add("hostFailed " + text);
      }
    });
    for (int i = 0; i < CountedEventLog.TOLD; i++) {
      log.report("quiet", "place", "a");
      log.announce("odd", "place", "b");
      log.hostFailed("disk", "place", "c");
    }
    assertEquals(List.of("report a", "announce b", "hostFailed c"), heard.subList(0, 3));
    for (int i = 0; i < 10; i++) {
      log.announce("odd", "place", "b");
    }
    assertEquals(3 * CountedEventLog.TOLD, heard.size(), "a guest can't flood who is told so either");
    assertEquals(CountedEventLog.TOLD + 10, log.count("odd"));
  }

  @Test
  void textsAreCut() {
    log.report("kind", "place", "x".repeat(1 << 20));
    assertTrue(log.texts().getFirst().length() < CountedEventLog.LONGEST + 100);
  }
}
