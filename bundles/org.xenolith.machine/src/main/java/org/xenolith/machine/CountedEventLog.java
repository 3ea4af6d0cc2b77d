// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.xenolith.machine.api.EventLog;

/** Counts events by kind, keeps the last texts, and tells a listener; a guest can't flood the listener. */
final class CountedEventLog implements EventLog {
  /** Texts kept. */
  static final int KEPT = 200;
  /** Of one kind at one place, the listener hears these first ones, then every thousandth. */
  static final int TOLD = 20;
  private static final int SAMPLE = 1000;

  private final Map<String, Long> counts = new TreeMap<>();
  private final Map<String, Long> told = new HashMap<>();
  private final ArrayDeque<String> texts = new ArrayDeque<>();
  private EventLog listener = (kind, place, text) -> {};

  @Override
  public synchronized void report(String kind, String place, String text) {
    counts.merge(kind, 1L, Long::sum);
    if (texts.size() == KEPT) {
      texts.removeFirst();
    }
    texts.addLast(kind + ' ' + place + ": " + text);
    long number = told.merge(kind + ' ' + place, 1L, Long::sum);
    if (number <= TOLD || number % SAMPLE == 0) {
      tell(kind, place, number > TOLD ? text + " (" + number + " times)" : text);
    }
  }

  private void tell(String kind, String place, String text) {
    try {
      listener.report(kind, place, text);
    } catch (Throwable e) {
      // Whoever prints must not stop the machine, and there is nobody else to tell.
      counts.merge("event-listener-failed", 1L, Long::sum);
    }
  }

  synchronized void listener(EventLog newListener) {
    listener = newListener;
  }

  /** Events of one kind so far. */
  synchronized long count(String kind) {
    return counts.getOrDefault(kind, 0L);
  }

  /** Events by kind. */
  synchronized Map<String, Long> counts() {
    return new TreeMap<>(counts);
  }

  /** The last texts, oldest first. */
  synchronized List<String> texts() {
    return List.copyOf(texts);
  }
}
