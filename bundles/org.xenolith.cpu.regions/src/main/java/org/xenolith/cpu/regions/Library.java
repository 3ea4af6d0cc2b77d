package org.xenolith.cpu.regions;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Regions by what they are made of: another CPU, or the next machine with the same guest, need not have them translated again,
 * and what the JVM has made fast is fast at once. Any thread.
 */
final class Library {
  /** Entries that are kept; those used longest ago go first. */
  private static final int MOST = 10_000;

  private final Map<Long, List<Compiled>> shelves = new LinkedHashMap<>(1024, 0.75f, true) {
    @Override protected boolean removeEldestEntry(Map.Entry<Long, List<Compiled>> eldest) {
      return size() > MOST;
    }
  };

  private static long shelf(int[] page, int word) {
    return (long) word << 32 | page[word] & 0xFFFF_FFFFL;
  }

  /** A region that may be entered at a word of a page, or null. */
  synchronized Compiled find(int[] page, int word) {
    List<Compiled> shelf = shelves.get(shelf(page, word));
    if (shelf != null) {
      for (Compiled each : shelf) {
        if (each.fits(page)) {
          return each;
        }
      }
    }
    return null;
  }

  synchronized void add(int[] page, Compiled compiled) {
    for (int entry : compiled.translation.entries()) {
      shelves.computeIfAbsent(shelf(page, entry), key -> new ArrayList<>()).add(compiled);
    }
  }
}
