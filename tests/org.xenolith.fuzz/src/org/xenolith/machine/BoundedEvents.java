// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine;

import java.util.List;
import org.xenolith.machine.api.EventLog;

/** A machine's log of events, and what it keeps; the core exports neither. */
public final class BoundedEvents {
  private final CountedEventLog log = new CountedEventLog();

  /** Where models report. */
  public EventLog log() {
    return log;
  }

  /** How often a kind was reported, those apart from others. */
  public long count(String kind) {
    return log.count(kind);
  }

  /** Reports of all kinds. */
  public long all() {
    return log.counts().values().stream().mapToLong(Long::longValue).sum();
  }

  /** What is more than the bounds say, a line for each. */
  public List<String> beyond() {
    int kinds = log.counts().size();
    int places = log.places();
    int longest = log.texts().stream().mapToInt(String::length).max().orElse(0);
    return List.of(kinds > CountedEventLog.MOST_KINDS + 1 ? kinds + " kinds of events" : "", places > CountedEventLog.MOST_PLACES ? places
        + " places" : "", longest > CountedEventLog.LONGEST + 100 ? "a text of " + longest : "", log.texts().size() > 1000
            ? log.texts().size() + " texts" : "").stream().filter(line -> !line.isEmpty()).toList();
  }
}
