// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.launch.kit.EventFilter.Wanted;

class EventFilterTest {
  private static final List<String> ALL = List.of("seldom /a: x", "odd /b: y", "disk /c: sector 1", "disk /c: sector 1",
      "disk /c: sector 2", "disk /d: sector 1");
  private final List<String> people = new ArrayList<>();
  private final List<String> heard = new ArrayList<>();

  private void report(Wanted wanted) {
    EventFilter events = new EventFilter(wanted, (kind, place, text) -> people.add(kind + " " + place + ": " + text), (kind, place,
        text) -> heard.add(kind + " " + place + ": " + text));
    events.report("seldom", "/a", "x");
    events.announce("odd", "/b", "y");
    events.hostFailed("disk", "/c", "sector 1");
    events.hostFailed("disk", "/c", "sector 1");
    events.hostFailed("disk", "/c", "sector 2");
    events.hostFailed("disk", "/d", "sector 1");
  }

  @Test
  void peopleAreToldOfWhatIsAnnouncedAndOfEachReasonOfTheHostsOnce() {
    report(Wanted.ANNOUNCED);
    assertEquals(List.of("odd /b: y", "disk /c: sector 1", "disk /c: sector 2", "disk /d: sector 1"), people);
    assertEquals(ALL, heard);
  }

  @Test
  void whoWantsAllEventsHearsOfTheHostsReasonsOnceToo() {
    report(Wanted.ALL);
    assertEquals(List.of("seldom /a: x", "odd /b: y", "disk /c: sector 1", "disk /c: sector 2", "disk /d: sector 1"), people);
  }

  @Test
  void whoWantsTheHostsFailuresHearsOfNothingElse() {
    report(Wanted.HOST_FAILURES);
    assertEquals(List.of("disk /c: sector 1", "disk /c: sector 2", "disk /d: sector 1"), people);
    assertEquals(ALL, heard);
  }

  @Test
  void peopleAreToldBeforeAnythingIsDoneAboutIt() {
    new EventFilter(Wanted.ANNOUNCED, (kind, place, text) -> people.add("people"), (kind, place, text) -> people.add("all")).announce("k",
        "p", "t");
    assertEquals(List.of("people", "all"), people);
  }
}
