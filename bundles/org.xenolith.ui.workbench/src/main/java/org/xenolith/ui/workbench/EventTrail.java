// SPDX-License-Identifier: EPL-2.0
package org.xenolith.ui.workbench;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;

/** The latest events of a machine. Written on the machine's thread, read on any. */
final class EventTrail {
  /** More are in nobody's head; the machine counts them all. */
  static final int KEPT = 1000;
  /** The time of what happened while a snapshot was being restored: the machine has none then. */
  static final long NO_TIME = -1;
  private static final long SECOND = 1_000_000_000;

  private final Deque<Entry> entries = new ArrayDeque<>();
  private long count;

  /**
   * One event as the machine told it.
   *
   * @param number counts from 1
   * @param time   virtual nanoseconds since power-on, or {@link #NO_TIME}
   * @param kind   what happened
   * @param place  device instance or other place
   * @param text   details
   */
  record Entry(long number, long time, String kind, String place, String text) {
    /** The time in seconds, to the nanosecond. */
    String seconds() {
      return time == NO_TIME ? "" : String.format(Locale.ROOT, "%d.%09d", time / SECOND, time % SECOND);
    }
  }

  synchronized void add(long time, String kind, String place, String text) {
    if (entries.size() == KEPT) {
      entries.removeFirst();
    }
    entries.addLast(new Entry(++count, time, kind, place, text));
  }

  /** Those that are kept, latest first. */
  synchronized List<Entry> latest() {
    return List.copyOf(entries.reversed());
  }

  synchronized void clear() {
    entries.clear();
    count = 0;
  }
}
