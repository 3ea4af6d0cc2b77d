// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.a64.regions;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.xenolith.a64.graph.CodePage;

/**
 * Regions by what they are made of: another CPU, or the next machine with the same guest, need not have them translated again,
 * and what the JVM has made fast is fast at once. Any thread.
 */
final class Library {
  /** Entries that are kept; those used longest ago go first. */
  private static final int MOST = 10_000;
  /** Regions that are kept of those that begin at the same place with the same instruction; the first made go first. A guest may write as many as it likes. */
  static final int MOST_ALIKE = 16;

  private final Map<Long, ArrayDeque<Compiled>> shelves = new LinkedHashMap<>(1024, 0.75f, true);
  private final int most;
  private int count;

  Library() {
    this(MOST);
  }

  /** @param most entries that are kept */
  Library(int most) {
    this.most = most;
  }

  private static long shelf(int word, int instruction) {
    return (long) word << 32 | instruction & 0xFFFF_FFFFL;
  }

  /** A region that may be entered at a word of a page, or null. */
  synchronized Compiled find(CodePage page, int word) {
    ArrayDeque<Compiled> shelf = shelves.get(shelf(word, page.word(word)));
    if (shelf != null) {
      for (Compiled each : shelf) {
        if (each.fits(page)) {
          return each;
        }
      }
    }
    return null;
  }

  synchronized void add(Compiled compiled) {
    for (int entry : compiled.translation.entries()) {
      ArrayDeque<Compiled> shelf = shelves.computeIfAbsent(shelf(entry, compiled.translation.flow().words[entry]),
          key -> new ArrayDeque<>());
      shelf.addLast(compiled);
      count++;
      if (shelf.size() > MOST_ALIKE) {
        shelf.removeFirst();
        count--;
      }
    }
    while (count > most) {
      Iterator<ArrayDeque<Compiled>> eldest = shelves.values().iterator();
      count -= eldest.next().size();
      eldest.remove();
    }
  }

  /** Entries that are kept. */
  synchronized int count() {
    return count;
  }
}
