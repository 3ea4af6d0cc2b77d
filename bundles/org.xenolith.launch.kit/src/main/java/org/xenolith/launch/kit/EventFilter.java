// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch.kit;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.xenolith.machine.api.EventLog;

/**
 * Chooses the events of a machine, or of some that follow one another, that people are told of. Which these are is said by who reports
 * them: {@link EventLog#announce}, {@link EventLog#hostFailed}.
 */
public final class EventFilter implements EventLog {
  /** What people are to be told of. */
  public enum Wanted {
    /** All events. */
    ALL,
    /** What is announced, and what the host could not do. */
    ANNOUNCED,
    /** Only what the host could not do. */
    HOST_FAILURES
  }

  private final Wanted wanted;
  private final EventLog people;
  private final EventLog all;
  /** Reasons that were told. */
  private final Set<String> failures = ConcurrentHashMap.newKeySet();

  /**
   * A choice of events.
   *
   * @param people is told of those that are wanted, of a failure of the host once for each place and text
   * @param all    hears each event, after people were told of it
   */
  public EventFilter(Wanted wanted, EventLog people, EventLog all) {
    this.wanted = wanted;
    this.people = people;
    this.all = all;
  }

  @Override
  public void report(String kind, String place, String text) {
    tell(wanted == Wanted.ALL, kind, place, text);
  }

  @Override
  public void announce(String kind, String place, String text) {
    tell(wanted != Wanted.HOST_FAILURES, kind, place, text);
  }

  @Override
  public void hostFailed(String kind, String place, String text) {
    tell(failures.add(place + ' ' + text), kind, place, text);
  }

  private void tell(boolean people, String kind, String place, String text) {
    if (people) {
      this.people.report(kind, place, text);
    }
    all.report(kind, place, text);
  }
}
