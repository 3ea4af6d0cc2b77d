package org.xenolith.ui.workbench;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** The latest events of a machine. Written on the machine's thread, read on any. */
final class EventTrail {
  /** More are in nobody's head; the machine counts them all. */
  static final int KEPT = 1000;

  private final Deque<Entry> entries = new ArrayDeque<>();
  private long told;

  /**
   * One event as the machine told it.
   *
   * @param number counts from 1
   * @param kind   what happened
   * @param place  device instance or other place
   * @param text   details
   */
  record Entry(long number, String kind, String place, String text) { }

  synchronized void add(String kind, String place, String text) {
    if (entries.size() == KEPT) {
      entries.removeFirst();
    }
    entries.addLast(new Entry(++told, kind, place, text));
  }

  /** Those that are kept, latest first. */
  synchronized List<Entry> latest() {
    return List.copyOf(entries.reversed());
  }

  synchronized void clear() {
    entries.clear();
    told = 0;
  }
}
