// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz.bounds;

import java.util.ArrayList;
import java.util.List;
import org.xenolith.fuzz.InputBytes;
import org.xenolith.machine.BoundedEvents;

/** Reports whose kinds, places and texts an input chooses, many of each by a step. */
final class GrowingEvents {
  private GrowingEvents() {}

  static List<String> execute(InputBytes input) {
    BoundedEvents events = new BoundedEvents();
    List<String> wrong = new ArrayList<>();
    long reported = 0;
    for (int step = 0; step < 24 && !input.end() && wrong.isEmpty(); step++) {
      int how = input.next();
      int count = 1 << (how & 15);
      String text = "x".repeat(input.next() << (how >> 6 << 1));
      boolean kinds = (how & 16) != 0;
      boolean places = (how & 32) != 0;
      for (int i = 0; i < count; i++) {
        events.log().report(kinds ? "kind" + step + "-" + i : "kind", places ? "place" + step + "-" + i : "place", text);
      }
      reported += count;
      wrong.addAll(events.beyond());
    }
    if (wrong.isEmpty() && events.all() != reported) {
      wrong.add(reported + " events were reported, " + events.all() + " are counted");
    }
    return wrong;
  }
}
