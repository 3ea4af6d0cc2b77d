// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.xenolith.machine.api.EventLog;
import org.xenolith.machine.kit.Exits;
import org.xenolith.machine.kit.HostLog;

/** Counts events by kind, keeps the last texts, and tells a listener; a guest can't flood the listener. */
public final class CountedEventLog implements HostLog {
  /** Texts kept. */
  static final int KEPT = 200;
  /** Of one kind at one place, the listener hears these first ones, then every thousandth. */
  static final int TOLD = 20;
  private static final int SAMPLE = 1000;
  /** Places at which events of a kind are counted for the listener; those of all others are counted together. A model may name what a guest has chosen. */
  static final int MOST_PLACES = 10_000;
  /** Kinds that are counted; all others are counted as {@link #OTHERS}. */
  static final int MOST_KINDS = 1000;
  static final String OTHERS = "other-kinds";
  /** Most characters of a text. */
  static final int LONGEST = 16 << 10;

  private final Map<String, Counter> counts = new TreeMap<>();
  private final Map<String, Map<String, Counter>> told = new HashMap<>();
  /** Of the last event's kind, and of that at its place: who tells of something often tells of it again. */
  private String lastKind = "";
  private String lastPlace = "";
  private Counter lastCount;
  private Counter lastTold;
  private int places;
  /** Of all places that aren't counted apart. */
  private final Counter elsewhere = new Counter();
  private final ArrayDeque<Reported> texts = new ArrayDeque<>();
  private EventLog listener = (kind, place, text) -> {};
  private Exits watchers;

  /** A number that counts up. */
  private static final class Counter {
    private long value;
  }

  /** Which of a log's methods an event came by, and goes on by. */
  private interface Hearing {
    void tell(EventLog log, String kind, String place, String text);
  }

  /** One event. */
  private record Reported(String kind, String place, String text) {}

  private Counter counter(String kind) {
    return counts.computeIfAbsent(counts.size() < MOST_KINDS || counts.containsKey(kind) ? kind : OTHERS, k -> new Counter());
  }

  private Counter told(String kind, String place) {
    Map<String, Counter> ofKind = told.get(kind);
    Counter known = ofKind == null ? null : ofKind.get(place);
    if (known == null && places < MOST_PLACES) {
      places++;
      known = new Counter();
      told.computeIfAbsent(kind, k -> new HashMap<>()).put(place, known);
    }
    return known == null ? elsewhere : known;
  }

  @Override
  public void report(String kind, String place, String text) {
    count(EventLog::report, true, kind, place, text);
  }

  @Override
  public void announce(String kind, String place, String text) {
    count(EventLog::announce, true, kind, place, text);
  }

  @Override
  public void hostFailed(String kind, String place, String text) {
    count(EventLog::hostFailed, true, kind, place, text);
  }

  @Override
  public void reportHost(String kind, String place, String text) {
    count(EventLog::report, false, kind, place, text);
  }

  private synchronized void count(Hearing hearing, boolean watched, String kind, String place, String text) {
    if (lastCount == null || !kind.equals(lastKind) || !place.equals(lastPlace)) {
      lastKind = kind;
      lastPlace = place;
      lastCount = counter(kind);
      lastTold = told(kind, place);
    }
    lastCount.value++;
    String said = text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "... (" + text.length() + " characters)";
    if (texts.size() == KEPT) {
      texts.removeFirst();
    }
    texts.addLast(new Reported(kind, place, said));
    if (watched && watchers != null && watchers.watched()) {
      watchers.tell(watcher -> watcher.event(kind, place, said));
    }
    long number = ++lastTold.value;
    if (number <= TOLD || number % SAMPLE == 0) {
      tell(hearing, kind, place, number > TOLD ? said + " (" + number + " times)" : said);
    }
  }

  private void tell(Hearing hearing, String kind, String place, String text) {
    try {
      hearing.tell(listener, kind, place, text);
    } catch (Throwable e) {
      // Whoever prints must not stop the machine, and there is nobody else to tell.
      counter("event-listener-failed").value++;
    }
  }

  /** Who watches the machine is told of each event, too. */
  synchronized void watchers(Exits exits) {
    watchers = exits;
  }

  synchronized void listener(EventLog newListener) {
    listener = newListener;
  }

  /** Events of one kind so far. */
  public synchronized long count(String kind) {
    Counter counter = counts.get(kind);
    return counter == null ? 0 : counter.value;
  }

  /** Places that are counted apart. */
  synchronized int places() {
    return places;
  }

  /** Events by kind. */
  synchronized Map<String, Long> counts() {
    Map<String, Long> copy = new TreeMap<>();
    counts.forEach((kind, counter) -> copy.put(kind, counter.value));
    return copy;
  }

  /** The last texts, oldest first. */
  public synchronized List<String> texts() {
    return texts.stream().map(told -> told.kind + ' ' + told.place + ": " + told.text).toList();
  }
}
